package org.convoyml.aug.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** How often Spark runs a task before it gives up. */
final class Attempts {
  /** On one machine Spark tries once, unless the master has a second number. */
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*[^,\\]]+(?:,(.+))?\\])?");

  private static final String MAX_FAILURES = "spark.task.maxFailures";
  private static final int USUAL_FAILURES = 4;

  private Attempts() {}

  /** Whether the job fails if this task does. True outside of tasks. */
  static boolean isLast() {
    TaskContext task = TaskContext.get();
    // Attempts that were lost with their executor count here, but not as failures: then this is
    // true too early rather than too late.
    return task == null || task.attemptNumber() >= most(SparkEnv.get().conf()) - 1;
  }

  static int most(SparkConf conf) {
    Matcher local = LOCAL.matcher(conf.get("spark.master", "local"));
    if (!local.matches()) {
      return conf.getInt(MAX_FAILURES, USUAL_FAILURES);
    }
    return local.group(1) == null ? 1 : Integer.parseInt(local.group(1).strip());
  }
}
