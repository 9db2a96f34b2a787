package org.convoyml.spark.eval;

import java.io.Serializable;
import org.convoyml.spark.data.CorruptImage;

/**
 * How a model did on one batch.
 *
 * @param batch its number
 * @param lossSum softmax cross-entropy summed over its images
 * @param labels classes of its images
 * @param predictions classes that the model took them for, in the same order
 * @param corrupt images that were left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchScore(
    long batch, double lossSum, int[] labels, int[] predictions, CorruptImage[] corrupt)
    implements Serializable {}
