package org.convoyml.spark.eval;

import java.util.List;
import org.convoyml.nn.metrics.ConfusionMatrix;
import org.convoyml.spark.data.Quarantine;

/**
 * How a model did on a data set.
 *
 * @param classes names of the classes, in the order of the matrix
 * @param confusion actual against predicted
 * @param meanLoss softmax cross-entropy, per image
 * @param classesByOrder whether the model had no names of classes, so that those of the data set
 *     were taken in their order
 * @param quarantine images that were left out
 */
public record Evaluation(
    List<String> classes,
    ConfusionMatrix confusion,
    double meanLoss,
    boolean classesByOrder,
    Quarantine quarantine) {}
