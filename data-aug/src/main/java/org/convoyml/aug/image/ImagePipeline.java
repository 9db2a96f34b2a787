package org.convoyml.aug.image;

import java.util.List;
import org.convoyml.aug.op.ImageCanvas;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.PixelSource;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.random.KeyedRandom;

/**
 * From the bytes of an image file to what a network reads: decode, augment, fit to the network's
 * size, normalise. Owns native buffers and reuses them: for one thread, and close it.
 *
 * <p>Operations are applied first. If there are none, {@link Preprocessing#resize} is followed.
 * What then is not of the network's size is scaled until it just covers it and cut to it in the
 * middle.
 */
public final class ImagePipeline implements AutoCloseable {
  private static final int LEVELS = 256;

  private final Preprocessing preprocessing;
  private final ImageDecoder decoder;
  private final PixelSource source;
  private final List<ImageOp> ops;
  private final ImageCanvas canvas = new ImageCanvas();
  private final KeyedRandom random = KeyedRandom.of();
  private final float[] normalised;

  /** For images of at most {@link ImageDecoder#MAX_PIXELS}. */
  public ImagePipeline(Preprocessing preprocessing, AugmentationPolicy policy) {
    this(preprocessing, policy, ImageDecoder.MAX_PIXELS);
  }

  /**
   * @param preprocessing what the network expects
   * @param policy how images are varied; {@link AugmentationPolicy#NONE} for evaluation
   * @param maxPixels larger images are corrupt
   */
  public ImagePipeline(Preprocessing preprocessing, AugmentationPolicy policy, long maxPixels) {
    this.preprocessing = preprocessing;
    this.decoder = new ImageDecoder(preprocessing.channels(), maxPixels);
    this.source = new OpenImage(decoder, preprocessing.channels());
    this.ops = policy.imageOps();
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
   * @throws CorruptImageException if it is not an image that can be decoded
   */
  public void apply(
      long id, String origin, byte[] content, long seed, long epoch, float[] into, int offset) {
    decoder.open(origin, content);
    canvas.open(source);
    for (int i = 0; i < ops.size(); i++) {
      random.reset(seed, epoch, id, i);
      ops.get(i).apply(canvas, random);
    }
    fit();
    canvas.read(normalised, into, offset);
  }

  @Override
  public void close() {
    decoder.close();
    canvas.close();
  }

  private void fit() {
    int height = preprocessing.height();
    int width = preprocessing.width();
    if (ops.isEmpty() && preprocessing.resize() > 0) {
      canvas.resizeShorterSide(preprocessing.resize());
      // Done before the crop, so that all of it is averaged over areas that begin at a pixel.
      canvas.pixels();
      canvas.centreCrop(height, width);
    } else if (canvas.height() != height || canvas.width() != width) {
      canvas.cover(height, width);
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
