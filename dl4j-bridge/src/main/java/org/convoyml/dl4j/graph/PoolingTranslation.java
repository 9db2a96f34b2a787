package org.convoyml.dl4j.graph;

import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * What a pooling layer becomes. Deeplearning4j has two ways to place windows, by a mode; others are
 * refused.
 *
 * @param layer its name
 * @param input of the layer
 * @param output of the layer
 */
record PoolingTranslation(String layer, Shape input, Shape output) {
  SubsamplingLayer max(MaxPool2d pool) {
    PoolingWindow window = new PoolingWindow(pool.kernel(), pool.stride(), pool.border(input));
    return placed(new SubsamplingLayer.Builder(PoolingType.MAX), window).build();
  }

  SubsamplingLayer average(AveragePool2d pool) {
    PoolingWindow window = new PoolingWindow(pool.kernel(), pool.stride(), pool.border(input));
    // PyTorch never counts what lies beyond its border, Deeplearning4j then would.
    if (pool.countPadding() && !window.endsWithin(input, output)) {
      throw new UnsupportedLayerException(
          layer, "average pooling that counts some of a border only");
    }
    return placed(
            new SubsamplingLayer.Builder(PoolingType.AVG)
                .avgPoolIncludePadInDivisor(pool.countPadding()),
            window)
        .build();
  }

  private SubsamplingLayer.Builder placed(SubsamplingLayer.Builder pooling, PoolingWindow window) {
    pooling
        .kernelSize(window.kernel().height(), window.kernel().width())
        .stride(window.stride().height(), window.stride().width());
    Padding border = window.border();
    if (window.isTruncated(input, output)) {
      return pooling.convolutionMode(ConvolutionMode.Truncate).padding(border.top(), border.left());
    }
    if (window.isSame(input, output)) {
      return pooling.convolutionMode(ConvolutionMode.Same);
    }
    throw new UnsupportedLayerException(
        layer,
        "pooling of %s to %s with a border of %d, %d, %d, %d"
            .formatted(
                input, output, border.top(), border.left(), border.bottom(), border.right()));
  }
}
