package org.convoyml.spark.data;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.driver.Jobs;

/**
 * A micro-batch as people can look at it: what training computes, but as image files.
 *
 * @param images PGM or PPM files, in the order of the micro-batch
 * @param targets (N, K), what each is to be taken for: a share of every class
 * @param corrupt images that were left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BatchPicture(byte[][] images, float[] targets, CorruptImage[] corrupt)
    implements Serializable {
  private static final float LEVELS = 255;

  /**
   * The micro-batches that training would make of a small data set in its first epochs if they were
   * the share of lane 0 in step 0. Images are in the order of their ids.
   *
   * @param name of the data set in messages
   * @param policy has operations on micro-batches
   * @param shape that all images are made to have
   * @throws org.convoyml.nn.ConvoyException if there are no images, or all are corrupt
   */
  public static List<BatchPicture> firstEpochs(
      ImageDataset dataset,
      String name,
      AugmentationPolicy policy,
      long seed,
      int epochs,
      Shape shape,
      long maxPixels) {
    Preprocessing levels =
        new Preprocessing(
            shape.channels(),
            shape.height(),
            shape.width(),
            Collections.nCopies(shape.channels(), 0f),
            Collections.nCopies(shape.channels(), 1f));
    ImageLimits limits = new ImageLimits(maxPixels, 0).withoutShare();
    List<BatchPicture> pictures = new ArrayList<>();
    try (NumberedImages images = NumberedImages.of(dataset, name, limits)) {
      BatchPlan plan = new BatchPlan(images.size(), 1);
      for (int epoch = 0; epoch < epochs; epoch++) {
        Variation variation = new Variation(policy, seed, epoch, 1, dataset.classes().size());
        JavaRDD<BatchPicture> batch =
            images
                .deal(plan, new long[0], new BatchRangePartitioner(1, 1))
                .mapPartitions(
                    new TensorTransformation(levels, variation, plan.largest(), maxPixels))
                .map(BatchPicture::of);
        pictures.addAll(Jobs.run(batch::collect));
      }
    }
    return pictures;
  }

  private static BatchPicture of(NumberedBatch numbered) {
    MicroBatch batch = numbered.images();
    byte[][] images = new byte[batch.size()][];
    for (int i = 0; i < images.length; i++) {
      images[i] = pnm(batch.imageShape(), batch.images(), i * batch.imageShape().elements());
    }
    return new BatchPicture(
        images,
        Arrays.copyOf(batch.targets(), batch.size() * batch.targetWidth()),
        numbered.corrupt().toArray(CorruptImage[]::new));
  }

  /** (C, H, W) values from 0 to 1 as a file of (H, W, C) levels. */
  private static byte[] pnm(Shape shape, float[] values, int from) {
    String header =
        "P%d\n%d %d\n255\n".formatted(shape.channels() == 1 ? 5 : 6, shape.width(), shape.height());
    byte[] start = header.getBytes(StandardCharsets.US_ASCII);
    byte[] file = Arrays.copyOf(start, start.length + shape.elements());
    int plane = shape.height() * shape.width();
    for (int i = 0; i < shape.elements(); i++) {
      float value = values[from + i % shape.channels() * plane + i / shape.channels()];
      file[start.length + i] = (byte) Math.round(value * LEVELS);
    }
    return file;
  }
}
