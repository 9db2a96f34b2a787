package org.convoyml.spark.data;

import java.util.Iterator;
import org.convoyml.aug.batch.BatchAugmenter;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.nn.engine.MicroBatch;
import scala.Tuple2;

/**
 * Assembles micro-batches of a partition's dealt images, which come in order of micro-batches, and
 * decodes and augments each image right into its place; then mixes them if the policy says so.
 */
final class BatchAssembler implements Prefetch.Source<NumberedBatch> {
  private final Iterator<Tuple2<Long, EncodedImage>> images;
  private final ImagePipeline pipeline;
  private final Variation variation;
  private final BatchAugmenter mixing;
  private Tuple2<Long, EncodedImage> next;

  BatchAssembler(
      Iterator<Tuple2<Long, EncodedImage>> images, ImagePipeline pipeline, Variation variation) {
    this.images = images;
    this.pipeline = pipeline;
    this.variation = variation;
    this.mixing = new BatchAugmenter(variation.policy().batchOps());
  }

  @Override
  public boolean fill(NumberedBatch into) throws InterruptedException {
    if (next == null && !advance()) {
      return false;
    }
    into.restart(BatchKey.batch(next._1()));
    long place = -1;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped within a micro-batch");
      }
      boolean duplicate = next._1() == place;
      place = next._1();
      into.count(next._2(), duplicate);
      if (!duplicate) {
        add(next._2(), into);
      }
    } while (advance() && BatchKey.batch(next._1()) == into.number());
    mix(into);
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
          image.id(),
          image.origin(),
          image.content(),
          variation.seed(),
          variation.epoch(),
          batch.images(),
          offset);
    } catch (CorruptImageException e) {
      batch.removeLast();
      into.addCorrupt(CorruptImage.of(image, e));
    }
  }

  private void mix(NumberedBatch batch) {
    if (variation.mixes() && batch.images().size() > 0) {
      BatchAugmenter.oneHotTargets(batch.images());
      mixing.apply(
          batch.images(),
          variation.seed(),
          variation.epoch(),
          batch.number() / variation.lanes(),
          batch.number() % variation.lanes());
    }
  }
}
