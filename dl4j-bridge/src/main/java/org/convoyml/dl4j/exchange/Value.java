package org.convoyml.dl4j.exchange;

import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;

/** What a vertex of Deeplearning4j's gives, in Convoy's words. */
sealed interface Value {
  /** What a layer of Convoy's gives, or the network's input. */
  record Tensor(String layer) implements Value {}

  /** The same with zeros around it, which the convolutions that take it add themselves. */
  record Padded(String layer, Padding border) implements Value {}

  /** Nothing but zeros: what our own exports put around the channels of a shortcut. */
  record Zeros(Shape shape) implements Value {}
}
