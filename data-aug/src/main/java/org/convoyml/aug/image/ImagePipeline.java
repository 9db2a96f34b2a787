package org.convoyml.aug.image;

import java.util.List;
import org.convoyml.aug.op.ImageCanvas;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.MatSource;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.KeyedRandom;

/**
 * From the bytes of an image file to what a network reads: decode, augment, normalise. Owns native
 * buffers and reuses them: for one thread, and close it.
 */
public final class ImagePipeline implements AutoCloseable {
  private static final int LEVELS = 256;

  private final Preprocessing preprocessing;
  private final ImageDecoder decoder;
  private final List<ImageOp> ops;
  private final ImageCanvas canvas = new ImageCanvas();
  private final KeyedRandom random = KeyedRandom.of();
  private final byte[] pixels;
  private final float[] normalised;

  /**
   * @param preprocessing what the network expects
   * @param policy how images are varied; {@link AugmentationPolicy#NONE} for evaluation
   */
  public ImagePipeline(Preprocessing preprocessing, AugmentationPolicy policy) {
    this.preprocessing = preprocessing;
    this.decoder = new ImageDecoder(preprocessing.channels());
    this.ops = policy.imageOps();
    this.pixels = new byte[preprocessing.shape().elements()];
    this.normalised = normalisedLevels(preprocessing);
  }

  /**
   * Writes one image as {@code (C, H, W)} floats. A pure function of its arguments: the same {@code
   * (seed, epoch, id)} gives the same values.
   *
   * @param id the image's identity, from which its random choices are drawn
   * @param origin names the image in messages
   * @param content the image file's bytes
   * @param seed of the run
   * @param epoch from 0
   * @param into receives {@code channels·height·width} values
   * @param offset index of the first of them
   * @throws ConvoyException if it is not an image, or of another size than expected
   */
  public void apply(
      long id, String origin, byte[] content, long seed, long epoch, float[] into, int offset) {
    canvas.open(new MatSource(decoder.decode(origin, content)));
    for (int i = 0; i < ops.size(); i++) {
      random.reset(seed, epoch, id, i);
      ops.get(i).apply(canvas, random);
    }
    if (canvas.height() != preprocessing.height() || canvas.width() != preprocessing.width()) {
      throw new ConvoyException(
          "%s: expected a %d×%d image, got %d×%d"
              .formatted(
                  origin,
                  preprocessing.height(),
                  preprocessing.width(),
                  canvas.height(),
                  canvas.width()));
    }
    canvas.read(pixels);
    normalise(into, offset);
  }

  @Override
  public void close() {
    decoder.close();
    canvas.close();
  }

  /** (H, W, C) bytes to (C, H, W) floats. */
  private void normalise(float[] into, int offset) {
    int channels = preprocessing.channels();
    int to = offset;
    for (int c = 0; c < channels; c++) {
      for (int from = c; from < pixels.length; from += channels) {
        into[to++] = normalised[c * LEVELS + (pixels[from] & 0xFF)];
      }
    }
  }

  /** What each of the 256 values of each channel becomes, (C, 256). */
  private static float[] normalisedLevels(Preprocessing preprocessing) {
    float[] levels = new float[preprocessing.channels() * LEVELS];
    for (int i = 0; i < levels.length; i++) {
      double mean = preprocessing.mean().get(i / LEVELS);
      double deviation = preprocessing.deviation().get(i / LEVELS);
      levels[i] = (float) ((i % LEVELS / 255.0 - mean) / deviation);
    }
    return levels;
  }
}
