package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.EvaluationJson;
import org.convoyml.spark.model.HadoopFiles;

/** Tells people, and programs, how a model did. */
final class EvaluationReport {
  private EvaluationReport() {}

  static void print(PrintWriter out, Evaluation evaluation) {
    out.print(MetricsTable.render(evaluation.classes(), evaluation.confusion()));
    out.printf(Locale.ROOT, "mean loss %.4f%n", evaluation.meanLoss());
    out.flush();
  }

  /**
   * Writes a file of JSON, and beside it a list of the images that were left out if there are any;
   * replaces what is there.
   */
  static void write(SparkSession session, String file, Evaluation evaluation) {
    try (HadoopFiles files = HadoopFiles.of(session.sessionState().newHadoopConf(), file)) {
      files.replaceText(new Path(file), EvaluationJson.write(evaluation));
      Path list = quarantineBeside(file);
      if (evaluation.quarantine().isEmpty()) {
        // Of an evaluation before this one.
        files.delete(list);
      } else {
        files.replaceText(list, evaluation.quarantine().toCsv());
      }
    }
  }

  /** {@code report.quarantine.csv} beside {@code report.json}. */
  static Path quarantineBeside(String file) {
    Path report = new Path(file);
    String name = report.getName().replaceFirst("\\.json$", "") + "." + Quarantine.FILE;
    return report.getParent() == null ? new Path(name) : new Path(report.getParent(), name);
  }
}
