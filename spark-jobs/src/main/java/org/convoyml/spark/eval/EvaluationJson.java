package org.convoyml.spark.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.convoyml.nn.metrics.ClassMetrics;
import org.convoyml.nn.metrics.ConfusionMatrix;

/** An evaluation as JSON. */
public final class EvaluationJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EvaluationJson() {}

  private record Report(
      long images,
      int quarantined,
      double accuracy,
      double meanLoss,
      ClassMetrics macroAverage,
      List<ClassReport> classes,
      List<List<Long>> confusionMatrix) {}

  private record ClassReport(String name, ClassMetrics metrics) {}

  /** Indented; the matrix has a row for each actual class and a column for each predicted one. */
  public static String write(Evaluation evaluation) {
    ConfusionMatrix confusion = evaluation.confusion();
    int classes = confusion.classes();
    Report report =
        new Report(
            confusion.total(),
            evaluation.quarantine().size(),
            confusion.accuracy(),
            evaluation.meanLoss(),
            confusion.macroAverage(),
            IntStream.range(0, classes)
                .mapToObj(c -> new ClassReport(evaluation.classes().get(c), confusion.of(c)))
                .toList(),
            IntStream.range(0, classes)
                .mapToObj(
                    actual ->
                        IntStream.range(0, classes)
                            .mapToObj(predicted -> confusion.count(actual, predicted))
                            .toList())
                .toList());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
