package org.convoyml.aug.batch;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/**
 * CutMix: a rectangle of every image is replaced by the same rectangle of its partner, and targets
 * are mixed by area. One rectangle is drawn for the micro-batch: {@code λ} from {@code Beta(alpha,
 * alpha)}, sides {@code H·√(1 − λ)} and {@code W·√(1 − λ)} rounded down, its centre uniform in the
 * image, and cut off at the border. Partners are a random permutation, so an image may be its own.
 *
 * @param alpha 0.01 to 100; the paper has 1
 * @see <a href="https://arxiv.org/abs/1905.04899">Yun et al., CutMix: regularization strategy to
 *     train strong classifiers with localizable features</a>
 */
public record CutMix(double alpha) implements BatchOp {
  public CutMix {
    Beta.checkAlpha(alpha);
  }

  @Override
  public void apply(MicroBatch batch, KeyedRandom random) {
    int[] partners = Partners.draw(batch, random);
    int height = batch.imageShape().height();
    int width = batch.imageShape().width();
    double side = StrictMath.sqrt(1 - Beta.draw(alpha, alpha, random));
    int halfHeight = (int) (height * side) / 2;
    int halfWidth = (int) (width * side) / 2;
    int centreY = random.nextInt(height);
    int centreX = random.nextInt(width);
    int top = Math.max(centreY - halfHeight, 0);
    int bottom = Math.min(centreY + halfHeight, height);
    int left = Math.max(centreX - halfWidth, 0);
    int right = Math.min(centreX + halfWidth, width);

    int elements = batch.imageShape().elements();
    for (int c = 0; c < batch.imageShape().channels(); c++) {
      for (int y = top; y < bottom; y++) {
        int from = (c * height + y) * width + left;
        Partners.mix(batch.images(), elements, from, right - left, partners, 0);
      }
    }
    double cut = (double) (bottom - top) * (right - left) / ((double) height * width);
    int classes = batch.targetWidth();
    Partners.mix(batch.targets(), classes, 0, classes, partners, (float) (1 - cut));
  }
}
