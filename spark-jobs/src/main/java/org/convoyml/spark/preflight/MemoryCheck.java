package org.convoyml.spark.preflight;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.convoyml.spark.preflight.Finding.failed;
import static org.convoyml.spark.preflight.Finding.ok;
import static org.convoyml.spark.preflight.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/** Compares what a training takes with what executors have. */
final class MemoryCheck {
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String FACTOR = "spark.executor.memoryOverheadFactor";
  private static final long LEAST_OVERHEAD = 384L << 20;
  private static final double DEFAULT_FACTOR = 0.1;

  private final SparkConf conf;
  private final MemoryNeeds needs;
  private final int workers;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param workers that will train; Spark may place as many of them on an executor as it has slots
   */
  MemoryCheck(SparkConf conf, MemoryNeeds needs, int workers) {
    this.conf = conf;
    this.needs = needs;
    this.workers = workers;
  }

  List<Finding> of(List<ExecutorReport> executors) {
    executors.forEach(this::checkHeap);
    if (isOverheadPromised()) {
      executors.forEach(this::checkOverhead);
    }
    Map<String, List<ExecutorReport>> machines =
        executors.stream().collect(groupingBy(ExecutorReport::host, TreeMap::new, toList()));
    machines.forEach(this::checkMachine);
    if (findings.isEmpty()) {
      findings.add(
          ok(
              Preflight.MEMORY,
              "each worker takes %s of native memory and at least %s of heap"
                  .formatted(
                      megabytes(needs.nativePerWorker()), megabytes(needs.heapPerWorker()))));
    }
    return findings;
  }

  private int workersOn(ExecutorReport executor) {
    return Math.min(executor.slots(), workers);
  }

  private long nativeBytes(ExecutorReport executor) {
    return MemoryNeeds.JVM + workersOn(executor) * needs.nativePerWorker();
  }

  private long heapBytes(ExecutorReport executor) {
    return MemoryNeeds.SPARK + workersOn(executor) * needs.heapPerWorker();
  }

  private void checkHeap(ExecutorReport executor) {
    long needed = heapBytes(executor);
    if (needed > executor.maxHeap()) {
      findings.add(
          failed(
              Preflight.MEMORY,
              "%s: expected a heap of at least %s for %d workers of %s and %s for Spark, found %s"
                  .formatted(
                      executor.name(),
                      megabytes(needed),
                      workersOn(executor),
                      megabytes(needs.heapPerWorker()),
                      megabytes(MemoryNeeds.SPARK),
                      megabytes(executor.maxHeap())),
              "set %s %s or more"
                  .formatted(isLocal() ? "--driver-memory" : "--executor-memory", option(needed))));
    }
  }

  private void checkOverhead(ExecutorReport executor) {
    long needed = nativeBytes(executor);
    long found = overhead();
    if (needed > found) {
      findings.add(
          failed(
              Preflight.MEMORY,
              "%s: expected at least %s of memory beside the heap for %d workers of %s and %s for the JVM, found %s: its container would be killed"
                  .formatted(
                      executor.name(),
                      megabytes(needed),
                      workersOn(executor),
                      megabytes(needs.nativePerWorker()),
                      megabytes(MemoryNeeds.JVM),
                      megabytes(found)),
              "set --conf %s=%s or more".formatted(OVERHEAD, option(needed))));
    }
  }

  /** Heaps may be promised more than there is, as long as nobody takes it. */
  private void checkMachine(String host, List<ExecutorReport> executors) {
    long found = executors.get(0).machineMemory();
    long needed = executors.stream().mapToLong(e -> heapBytes(e) + nativeBytes(e)).sum();
    long promised = executors.stream().mapToLong(e -> e.maxHeap() + nativeBytes(e)).sum();
    if (needed > found) {
      findings.add(
          failed(
              Preflight.MEMORY,
              "%s: expected at least %s for what training needs on %d executors, found %s"
                  .formatted(host, megabytes(needed), executors.size(), megabytes(found)),
              "use fewer workers on this machine, or a machine with more memory"));
    } else if (promised > found) {
      findings.add(
          warning(
              Preflight.MEMORY,
              "%s: expected %s for the full heaps and the native memory of %d executors, found %s"
                  .formatted(host, megabytes(promised), executors.size(), megabytes(found)),
              "give executors less heap, or the machine fewer executors"));
    }
  }

  /** YARN and Kubernetes end executors that take more; whoever sets it elsewhere means it too. */
  private boolean isOverheadPromised() {
    String master = conf.get("spark.master", "");
    return master.startsWith("yarn")
        || master.startsWith("k8s")
        || (!isLocal() && (conf.contains(OVERHEAD) || conf.contains(FACTOR)));
  }

  private boolean isLocal() {
    return conf.get("spark.master", "").startsWith("local");
  }

  private long overhead() {
    if (conf.contains(OVERHEAD)) {
      return JavaUtils.byteStringAsMb(conf.get(OVERHEAD)) << 20;
    }
    long heap = JavaUtils.byteStringAsMb(conf.get("spark.executor.memory", "1g")) << 20;
    return Math.max(LEAST_OVERHEAD, (long) (heap * conf.getDouble(FACTOR, DEFAULT_FACTOR)));
  }

  /** For a setting, rounded up. */
  private static String option(long bytes) {
    return ((bytes >> 20) + 1) + "m";
  }

  private static String megabytes(long bytes) {
    return "%,d MB".formatted((bytes + (1 << 19)) >> 20);
  }
}
