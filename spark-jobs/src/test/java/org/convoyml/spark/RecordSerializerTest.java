package org.convoyml.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.EncodedImage;
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
          new WorkerResult(3, new Totals(Double.NaN, 0, 0), 1L << 40),
          new NumberedImages.PartitionCount(5, -1)
        }) {
      assertThat(throughKryo(value)).isEqualTo(value);
    }
  }

  @Test
  void arraysInRecordsComeBackWithTheirValues() {
    EncodedImage image = new EncodedImage(-1, "a/b.png", 3, new byte[] {1, 2});
    assertThat(throughKryo(image)).usingRecursiveComparison().isEqualTo(image);
    BatchScore score = new BatchScore(1, 2.5, new int[] {1, 2}, new int[] {2, 2});
    assertThat(throughKryo(score)).usingRecursiveComparison().isEqualTo(score);
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
    WorkerResult result = new WorkerResult(1, null, 2);
    assertThat(throughKryo(result)).isEqualTo(result);
  }

  private Object throughKryo(Object value) {
    ByteBuffer bytes = kryo.serialize(value, ANY);
    return kryo.deserialize(bytes, ANY);
  }
}
