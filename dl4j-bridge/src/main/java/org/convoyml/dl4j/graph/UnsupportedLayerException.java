package org.convoyml.dl4j.graph;

import org.convoyml.nn.ConvoyException;

/** A network has a layer that Deeplearning4j lacks. */
public final class UnsupportedLayerException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  UnsupportedLayerException(String layer, String what) {
    super("%s: Deeplearning4j has no %s".formatted(layer, what));
  }
}
