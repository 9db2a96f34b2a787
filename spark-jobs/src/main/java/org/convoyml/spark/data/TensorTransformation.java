package org.convoyml.spark.data;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import scala.Tuple2;

/**
 * Decode, augment, normalise: a lazy, narrow Spark transformation of dealt images, ahead of
 * training or evaluation in the same task. The pixels are a function of (seed, epoch, image id)
 * alone.
 *
 * @param preprocessing what the network expects
 * @param policy how images are varied
 * @param seed of the run
 * @param epoch from 0
 */
public record TensorTransformation(
    Preprocessing preprocessing, AugmentationPolicy policy, long seed, int epoch)
    implements FlatMapFunction<Iterator<Tuple2<Long, EncodedImage>>, ImageTensor> {
  @Override
  public Iterator<ImageTensor> call(Iterator<Tuple2<Long, EncodedImage>> images) {
    ImagePipeline pipeline = new ImagePipeline(preprocessing, policy);
    TaskCompletionListener closing = context -> pipeline.close();
    TaskContext.get().addTaskCompletionListener(closing);
    ImageTensor tensor = new ImageTensor(preprocessing.shape().elements());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return images.hasNext();
      }

      @Override
      public ImageTensor next() {
        Tuple2<Long, EncodedImage> placed = images.next();
        EncodedImage image = placed._2();
        pipeline.apply(
            image.id(), image.origin(), image.content(), seed, epoch, tensor.values(), 0);
        tensor.set(BatchKey.batch(placed._1()), image.label());
        return tensor;
      }
    };
  }
}
