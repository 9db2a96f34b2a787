package org.convoyml.nn.spec;

/** What a slice of the flat vector is to its layer. */
public enum ParameterKind {
  WEIGHT,
  BIAS,
  /** Batch norm's γ. */
  SCALE,
  /** Batch norm's β. */
  SHIFT,
  /** Batch norm's running mean: averaged over micro-batches, not trained. */
  RUNNING_MEAN,
  /** Batch norm's running (unbiased) variance: averaged over micro-batches, not trained. */
  RUNNING_VARIANCE;

  /** True if the optimizer changes it; false for running statistics. */
  public boolean isTrainable() {
    return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
  }
}
