package org.convoyml.nn.spec;

/**
 * Binary cross-entropy of the sigmoid of logits {@code z} {@code (N, K)} against targets {@code t}
 * in [0, 1], each of the {@code K} outputs by itself: the mean over {@code k} of {@code max(z, 0) −
 * z·t + log(1 + e^−|z|)}, with gradient {@code (sigmoid(z) − t) / K}. For two classes ({@code K} =
 * 1, the label is the target) or for several labels an example (targets). Summed, not averaged,
 * over the micro-batch.
 */
public record SigmoidCrossEntropy() implements Loss {}
