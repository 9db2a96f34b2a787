package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/**
 * The pair of files in which MNIST and its relatives come, gzipped or not: grey images, {@code
 * …images-idx3…}, and beside it their labels, {@code …labels-idx1…}. Classes are {@code 0} to the
 * largest label.
 *
 * @param path of the images
 */
public record IdxSource(String path) implements ImageSource {
  // Some mirrors write a dot where the original has a hyphen.
  private static final Pattern IMAGES = Pattern.compile("images([-.])idx3");
  private static final int BLOCK = 1 << 16;

  @Override
  public ImageDataset open(SparkSession spark) {
    IdxFile images = IdxFile.open(HadoopFile.existing(spark, path), IdxFile.IMAGES);
    if (images.count() == 0) {
      throw new ConvoyException(path + ": expected images, found none");
    }
    IdxFile labels = IdxFile.open(labelsBeside(images.file()), IdxFile.LABELS);
    if (labels.count() != images.count()) {
      throw new ConvoyException(
          "%s: expected %d labels, one for each image of %s, found %d"
              .formatted(labels.file().path(), images.count(), path, labels.count()));
    }
    List<String> classes = ClassNames.numbered(largestLabel(labels));
    return new ImageDataset(rows(spark, images, labels), classes);
  }

  private static Dataset<Row> rows(SparkSession spark, IdxFile images, IdxFile labels) {
    int partitions = Partitions.forBytes(spark, images.bytes());
    // Nobody can start to unpack in the middle: one task does, and others take over from it.
    int tasks = images.gzip() ? 1 : partitions;
    int count = images.count();
    MapPartitionsFunction<Long, Row> read =
        numbers -> {
          // Spark's generated iterators fill themselves in hasNext.
          if (!numbers.hasNext()) {
            return Collections.emptyIterator();
          }
          long task = numbers.next();
          return IdxRows.of(
              images, labels, (int) (task * count / tasks), (int) ((task + 1) * count / tasks));
        };
    Dataset<Row> rows =
        spark.range(0, tasks, 1, tasks).mapPartitions(read, Encoders.row(ImageDataset.SCHEMA));
    return tasks == partitions ? rows : rows.repartition(partitions, col("id"));
  }

  /** The labels under the name that belongs to the images', gzipped or not. */
  private static HadoopFile labelsBeside(HadoopFile images) {
    String name = IMAGES.matcher(images.name()).replaceFirst("labels$1idx1");
    if (name.equals(images.name())) {
      throw new ConvoyException(
          images.path()
              + ": expected a name with 'images-idx3', so that the labels are found beside it under"
              + " 'labels-idx1'");
    }
    String other = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz";
    return Stream.of(name, other)
        .map(images::sibling)
        .filter(HadoopFile::exists)
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    "%s: expected its labels beside it in %s or %s, found neither"
                        .formatted(images.path(), name, other)));
  }

  /** Labels are a byte each, so that reading them all here costs less than a job. */
  private static int largestLabel(IdxFile labels) {
    int largest = 0;
    try (InputStream in = labels.openAt(0)) {
      for (int first = 0; first < labels.count(); first += BLOCK) {
        int records = Math.min(BLOCK, labels.count() - first);
        for (byte label : labels.read(in, first, records)) {
          largest = Math.max(largest, label & 0xFF);
        }
      }
    } catch (IOException e) {
      throw labels.file().unreadable(e);
    }
    return largest;
  }
}
