package org.convoyml.spark.data;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.engine.MicroBatch;
import scala.Tuple2;

/**
 * Decode, augment, normalise, assemble: a lazy, narrow Spark transformation of dealt images, ahead
 * of training or evaluation in the same task. A thread of its own prepares the next micro-batch
 * while the task computes one.
 *
 * @param preprocessing what the network expects
 * @param variation how images are varied
 * @param largest the size of the largest micro-batch
 * @param maxPixels larger images are corrupt
 */
public record TensorTransformation(
    Preprocessing preprocessing, Variation variation, int largest, long maxPixels)
    implements FlatMapFunction<Iterator<Tuple2<Long, EncodedImage>>, NumberedBatch> {
  /** One is computed, one is ready or being filled. */
  private static final int RING = 2;

  @Override
  public Iterator<NumberedBatch> call(Iterator<Tuple2<Long, EncodedImage>> images) {
    ImagePipeline pipeline = new ImagePipeline(preprocessing, variation.policy(), maxPixels);
    TaskContext task = TaskContext.get();
    TaskCompletionListener closing = context -> pipeline.close();
    task.addTaskCompletionListener(closing);
    Prefetch<NumberedBatch> prefetch =
        Prefetch.start(ring(), new BatchAssembler(images, pipeline, variation), task);
    // Spark calls the last listener first: the thread has ended when the pipeline is closed, and
    // both before the shuffle that the images come from.
    TaskCompletionListener stopping = context -> prefetch.close();
    task.addTaskCompletionListener(stopping);
    return prefetch;
  }

  private List<NumberedBatch> ring() {
    return Stream.generate(
            () -> new MicroBatch(preprocessing.shape(), largest, variation.targetWidth()))
        .limit(RING)
        .map(NumberedBatch::new)
        .toList();
  }
}
