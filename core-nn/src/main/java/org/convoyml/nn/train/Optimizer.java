package org.convoyml.nn.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * How trained parameters follow their gradient. An optimizer is a value without state; its state
 * vectors (velocities and the like) start at zero and belong to whoever owns the range of
 * parameters.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = Sgd.class, name = "sgd"))
public sealed interface Optimizer permits Sgd {
  /** How many numbers of state it keeps for each parameter. */
  int stateVectors();

  /**
   * One step for parameters {@code [from, to)}.
   *
   * @param parameters changed in place
   * @param gradient of the mean loss, indexed like the parameters
   * @param state {@link #stateVectors()} arrays; the state of parameter {@code i} is at {@code i −
   *     stateOffset}
   * @param stateOffset the parameter to which element 0 of the state belongs
   * @param learningRate of this step
   */
  void update(
      float[] parameters,
      float[] gradient,
      float[][] state,
      int stateOffset,
      int from,
      int to,
      float learningRate);
}
