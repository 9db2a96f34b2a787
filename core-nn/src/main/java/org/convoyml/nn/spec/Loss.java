package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What an output is trained for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MeanSquaredError.class, name = "mean-squared-error"),
  @JsonSubTypes.Type(value = SigmoidCrossEntropy.class, name = "sigmoid-cross-entropy"),
  @JsonSubTypes.Type(value = SoftmaxCrossEntropy.class, name = "softmax-cross-entropy")
})
public sealed interface Loss permits MeanSquaredError, SigmoidCrossEntropy, SoftmaxCrossEntropy {}
