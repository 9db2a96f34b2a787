package org.convoyml.nn.spec;

/**
 * Squared error of values {@code y} {@code (N, K)} against targets {@code t}: the mean over {@code
 * k} of {@code (y − t)²}, with gradient {@code 2·(y − t) / K}. Summed, not averaged, over the
 * micro-batch.
 */
public record MeanSquaredError() implements Loss {}
