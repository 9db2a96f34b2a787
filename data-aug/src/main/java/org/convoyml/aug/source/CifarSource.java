package org.convoyml.aug.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/**
 * The binary files in which CIFAR-10 and CIFAR-100 are published, with the fine labels of the
 * latter. Names of classes are read from the file beside them.
 *
 * @param path of one file, or of a directory with the training images: {@code data_batch_1.bin} and
 *     so on, or {@code train.bin}
 */
public record CifarSource(String path) implements ImageSource {
  private static final Pattern TRAINING = Pattern.compile("data_batch_\\d+\\.bin|train\\.bin");

  /**
   * Images of one file.
   *
   * @param first index of the first
   * @param end index behind the last
   */
  record Range(HadoopFile file, int first, int end) implements Serializable {}

  /** Whether a directory with a file of this name is one of CIFAR's. */
  static boolean isTrainingFile(String name) {
    return TRAINING.matcher(name).matches();
  }

  @Override
  public ImageDataset open(SparkSession spark) {
    List<HadoopFile> files = files(HadoopFile.existing(spark, path));
    CifarFormat format = CifarFormat.of(files.get(0));
    List<String> names = format.names(files.get(0));
    int[] labels = ClassNames.positions(path, names);
    List<Range> ranges = ranges(spark, format, files);
    MapPartitionsFunction<Long, Row> read =
        numbers -> {
          // Spark's generated iterators fill themselves in hasNext.
          if (!numbers.hasNext()) {
            return Collections.emptyIterator();
          }
          return CifarRows.of(format, ranges.get(numbers.next().intValue()), labels);
        };
    Dataset<Row> rows =
        spark
            .range(0, ranges.size(), 1, ranges.size())
            .mapPartitions(read, Encoders.row(ImageDataset.SCHEMA));
    return new ImageDataset(rows, ClassNames.sorted(names));
  }

  private static List<HadoopFile> files(HadoopFile file) {
    if (!file.status().isDirectory()) {
      return List.of(file);
    }
    List<String> names = new ArrayList<>();
    try {
      RemoteIterator<FileStatus> entries = file.list();
      while (entries.hasNext()) {
        String name = entries.next().getPath().getName();
        if (isTrainingFile(name)) {
          names.add(name);
        }
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    if (names.isEmpty()) {
      throw new ConvoyException(
          file.path() + ": expected data_batch_1.bin and so on, or train.bin, found neither");
    }
    Collections.sort(names);
    return names.stream().map(file::child).toList();
  }

  /** About as many as there are to be partitions, none of them empty. */
  private static List<Range> ranges(
      SparkSession spark, CifarFormat format, List<HadoopFile> files) {
    long images = 0;
    for (HadoopFile file : files) {
      images += format.count(file);
    }
    int partitions = Partitions.forBytes(spark, images * format.recordBytes());
    long step = (images + partitions - 1) / partitions;
    List<Range> ranges = new ArrayList<>();
    for (HadoopFile file : files) {
      int count = format.count(file);
      for (long first = 0; first < count; first += step) {
        ranges.add(new Range(file, (int) first, (int) Math.min(count, first + step)));
      }
    }
    return ranges;
  }
}
