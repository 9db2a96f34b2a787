package org.convoyml.spark.data;

import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.nn.engine.MicroBatch;
import scala.Tuple2;

/**
 * Assembles micro-batches of a partition's dealt images, which come in order of micro-batches, and
 * decodes and augments each image right into its place.
 */
final class BatchAssembler implements Prefetch.Source<NumberedBatch> {
  private final Iterator<Tuple2<Long, EncodedImage>> images;
  private final ImagePipeline pipeline;
  private final long seed;
  private final int epoch;
  private Tuple2<Long, EncodedImage> next;

  BatchAssembler(
      Iterator<Tuple2<Long, EncodedImage>> images, ImagePipeline pipeline, long seed, int epoch) {
    this.images = images;
    this.pipeline = pipeline;
    this.seed = seed;
    this.epoch = epoch;
  }

  @Override
  public boolean fill(NumberedBatch into) throws InterruptedException {
    if (next == null && !advance()) {
      return false;
    }
    into.restart(BatchKey.batch(next._1()));
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped within a micro-batch");
      }
      add(next._2(), into);
    } while (advance() && BatchKey.batch(next._1()) == into.number());
    return true;
  }

  private boolean advance() {
    next = images.hasNext() ? images.next() : null;
    return next != null;
  }

  /** A corrupt image only makes its micro-batch smaller. */
  private void add(EncodedImage image, NumberedBatch into) {
    MicroBatch batch = into.images();
    int offset = batch.add(image.label());
    try {
      pipeline.apply(
          image.id(), image.origin(), image.content(), seed, epoch, batch.images(), offset);
    } catch (CorruptImageException e) {
      batch.removeLast();
      into.addCorrupt(
          new CorruptImage(image.id(), image.origin(), e.reason(), SparkEnv.get().executorId()));
    }
  }
}
