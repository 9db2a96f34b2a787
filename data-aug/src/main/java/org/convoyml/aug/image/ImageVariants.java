package org.convoyml.aug.image;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.op.ImageCanvas;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.PixelSource;
import org.convoyml.nn.random.KeyedRandom;

/**
 * From an image file to varied image files. Grey images stay grey, colour stays colour. Owns native
 * buffers and reuses them: for one thread, and close it.
 */
public final class ImageVariants implements AutoCloseable {
  private final List<ImageOp> ops;
  private final long maxPixels;
  private final ImageDecoder grey;
  private final ImageDecoder colour;
  private final ImageCanvas canvas = new ImageCanvas();
  private final KeyedRandom random = KeyedRandom.of();
  private final ImageEncoder encoder;

  /**
   * @param ops in order of application
   * @param format of the variants
   * @param quality of JPEGs, 1 to 100
   * @param maxPixels larger images are refused
   */
  public ImageVariants(List<ImageOp> ops, OutputFormat format, int quality, long maxPixels) {
    this.ops = List.copyOf(ops);
    this.maxPixels = maxPixels;
    this.grey = new ImageDecoder(1, maxPixels);
    this.colour = new ImageDecoder(3, maxPixels);
    this.encoder = new ImageEncoder(format, quality);
  }

  /**
   * One variant. It is drawn from (seed, epoch, id), as {@link ImagePipeline#apply} draws that
   * epoch's in training.
   *
   * @param id the image's identity
   * @param origin names it in messages
   * @param content the image file's bytes
   * @return the variant as a file
   * @throws CorruptImageException if it is no image, damaged, or too large
   */
  public byte[] apply(long id, String origin, byte[] content, long seed, long epoch) {
    canvas.open(open(origin, content));
    for (int i = 0; i < ops.size(); i++) {
      random.reset(seed, epoch, id, i);
      ops.get(i).apply(canvas, random);
    }
    return encoder.encode(canvas.pixels());
  }

  /**
   * The image as it is, but no larger than this; a file that needs no change is returned itself.
   *
   * @param longest pixels that its longer side may have, positive
   * @throws CorruptImageException if it is no image, damaged, or too large
   */
  public byte[] reduced(String origin, byte[] content, int longest) {
    canvas.open(open(origin, content));
    int longer = Math.max(canvas.height(), canvas.width());
    if (longer > longest) {
      canvas.resize(
          scaled(canvas.height(), longest, longer), scaled(canvas.width(), longest, longer));
    }
    Mat image = canvas.pixels();
    return longer > longest ? encoder.encode(image) : content;
  }

  private static int scaled(int length, int longest, int longer) {
    return Math.max(1, (int) Math.round((double) length * longest / longer));
  }

  private PixelSource open(String origin, byte[] content) {
    int channels = ImageDecoder.shapeOf(origin, content, maxPixels).channels();
    ImageDecoder decoder = channels == 1 ? grey : colour;
    decoder.open(origin, content);
    return new OpenImage(decoder, channels);
  }

  @Override
  public void close() {
    grey.close();
    colour.close();
    canvas.close();
    encoder.close();
  }
}
