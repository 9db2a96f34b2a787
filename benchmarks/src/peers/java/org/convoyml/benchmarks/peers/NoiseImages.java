package org.convoyml.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.random.KeyedRandom;

/** A data set of random images, as PNM files, which take next to no time to decode. */
final class NoiseImages {
  private NoiseImages() {}

  /**
   * Makes it.
   *
   * @param input what the network expects of an image
   * @param classes of which each has as many images, if they can
   */
  static ImageDataset of(SparkSession session, Preprocessing input, int classes, int count) {
    JavaRDD<Row> rows =
        session
            .range(count)
            .javaRDD()
            .map(
                id ->
                    RowFactory.create(
                        id, "noise#" + id, (int) (id % classes), file(input, id)));
    List<String> names = IntStream.range(0, classes).mapToObj("%05d"::formatted).toList();
    return new ImageDataset(session.createDataFrame(rows, ImageDataset.SCHEMA), names);
  }

  private static byte[] file(Preprocessing input, long key) {
    String kind = input.channels() == 1 ? "P5" : "P6";
    byte[] header =
        "%s\n%d %d\n255\n"
            .formatted(kind, input.width(), input.height())
            .getBytes(StandardCharsets.US_ASCII);
    KeyedRandom random = KeyedRandom.of(key);
    byte[] pixels = new byte[input.shape().elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
    }
    return ByteBuffer.allocate(header.length + pixels.length).put(header).put(pixels).array();
  }
}
