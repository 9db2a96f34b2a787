package org.convoyml.spark;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.CorruptReason;
import org.convoyml.spark.data.EncodedImage;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.dataset.ImageCounts;
import org.convoyml.spark.eval.BatchScore;
import org.convoyml.spark.train.WorkerResult;

/**
 * Names every class of ours that passes through Spark's serializer, in shuffles, caches and
 * results, so that {@code spark.kryo.registrationRequired=true} holds. Order is part of the format
 * between driver and executors.
 */
public final class ConvoyKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    record(kryo, EncodedImage.class);
    record(kryo, CorruptImage.class);
    record(kryo, CorruptReason.class);
    record(kryo, NumberedImages.PartitionCount.class);
    record(kryo, Totals.class);
    record(kryo, WorkerResult.class);
    record(kryo, BatchScore.class);
    record(kryo, ImageCounts.class);
  }

  private static <T extends Record> void record(Kryo kryo, Class<T> type) {
    kryo.register(type, new RecordSerializer<>(type));
    // Spark collects results in arrays.
    kryo.register(type.arrayType());
  }
}
