package org.convoyml.spark.train;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.metrics.ConfusionMatrix;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;

/**
 * Images that are not trained on, in executors' memory, to evaluate checkpoints on.
 *
 * @param evaluator on the same cluster
 * @param images the images
 * @param classes of the data set
 * @param name of the data set
 */
record HeldOut(Evaluator evaluator, NumberedImages images, List<String> classes, String name) {
  /** Evaluates a model directory. */
  ModelSelection.Score score(Path model, int epoch, int round) {
    Evaluation evaluation = evaluator.evaluate(model.toString(), images, classes, name);
    ConfusionMatrix confusion = evaluation.confusion();
    return new ModelSelection.Score(epoch, round, confusion.accuracy(), evaluation.meanLoss());
  }
}
