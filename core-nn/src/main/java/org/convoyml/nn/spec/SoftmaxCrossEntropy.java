package org.convoyml.nn.spec;

/**
 * Cross-entropy of the softmax of logits {@code z} {@code (N, K)} against one class {@code t} an
 * example: {@code −z_t + log Σ_k exp z_k}, with gradient {@code softmax(z)_k − [k = t]}. Summed,
 * not averaged, over the micro-batch.
 */
public record SoftmaxCrossEntropy() implements Loss {}
