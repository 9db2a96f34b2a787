package org.convoyml.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.CorruptReason;
import org.convoyml.spark.data.EncodedImage;
import org.convoyml.spark.data.Ledger;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.eval.BatchScore;
import org.convoyml.spark.train.WorkerResult;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;

class RecordSerializerTest {
  private static final ClassTag<Object> ANY = scala.reflect.ClassTag$.MODULE$.apply(Object.class);

  private final SerializerInstance kryo =
      new KryoSerializer(
              new SparkConf(false)
                  .set("spark.kryo.registrationRequired", "true")
                  .set("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName()))
          .newInstance();

  @Test
  void recordsComeBackEqual() {
    for (Object value :
        new Object[] {
          new Totals(0.1, 3, 2),
          new CorruptImage(1L << 40, "a/b.png", "cut off", "driver"),
          new CorruptReason("cut off", 3, 1L << 40, "a/b.png")
        }) {
      assertThat(throughKryo(value)).isEqualTo(value);
    }
  }

  @Test
  void arraysInRecordsComeBackWithTheirValues() {
    EncodedImage image = new EncodedImage(-1, "a/b.png", 3, new byte[] {1, 2});
    assertThat(throughKryo(image)).usingRecursiveComparison().isEqualTo(image);
    CorruptImage[] corrupt = {new CorruptImage(7, "a/b.png", "cut off", "driver")};
    BatchScore score = new BatchScore(1, 2.5, new int[] {1, 2}, new int[] {2, 2}, corrupt);
    assertThat(throughKryo(score)).usingRecursiveComparison().isEqualTo(score);
    StatePart[] parts = {new StatePart("optimizer.f32", 0, 16, 64, 1L << 31)};
    WorkerResult result =
        new WorkerResult(
            3, new Totals(0.5, 1, 0), new Ledger(1L << 40, 1, 0, -5), corrupt, parts, true);
    assertThat(throughKryo(result)).usingRecursiveComparison().isEqualTo(result);
    NumberedImages.PartitionCount count =
        new NumberedImages.PartitionCount(
            5, -1, new CorruptReason[] {new CorruptReason("cut off", 3, 7, "a/b.png")});
    assertThat(throughKryo(count)).usingRecursiveComparison().isEqualTo(count);
  }

  @Test
  void anObjectThatOccursTwiceIsStillOne() {
    Totals shared = new Totals(1, 2, 3);
    Totals[] read = (Totals[]) throughKryo(new Totals[] {shared, new Totals(4, 5, 6), shared});
    assertThat(read).containsExactly(shared, new Totals(4, 5, 6), shared);
    assertThat(read[2]).isSameAs(read[0]);
  }

  @Test
  void nullComponentsAreKept() {
    WorkerResult result = new WorkerResult(1, null, null, null, null, false);
    assertThat(throughKryo(result)).isEqualTo(result);
  }

  private Object throughKryo(Object value) {
    ByteBuffer bytes = kryo.serialize(value, ANY);
    return kryo.deserialize(bytes, ANY);
  }
}
