package org.convoyml.spark.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageInspector;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.aug.source.PackedImages;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.EncodedImage;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.dataset.ImportJob.Count;
import org.convoyml.spark.dataset.ImportJob.FileCut;
import org.convoyml.spark.dataset.ImportJob.Size;
import org.convoyml.spark.driver.Jobs;
import org.convoyml.spark.driver.Supervised;
import org.convoyml.spark.model.AtomicDirectory;
import org.convoyml.spark.model.AtomicDirectory.Kind;
import org.convoyml.spark.model.HadoopFiles;
import scala.Option;

/**
 * Packs a data set into Parquet files of a directory. Images keep identities, origins, labels and
 * contents, and are sorted by identity, so that files are the same however the data set was packed
 * and partitioned before. Corrupt images are packed as they are, and listed: what is trained on
 * then is the same data set. Executors read the source once.
 */
public final class DatasetImporter {
  /** Name of the file that lists corrupt images; hidden from those who read tables. */
  public static final String QUARANTINE = "_" + Quarantine.FILE;

  private static final String SUMMARY = "_dataset.json";
  private static final Kind DATASET = new Kind("data set", SUMMARY);

  /** Ranges of ids for each partition of the source, of which files are put together. */
  private static final int RANGES = 4;

  private static final int MOST_FILES = 1 << 16;
  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** Parquet looks this often whether a row group or a page is full: images can be large. */
  private static final int ROWS_BETWEEN_CHECKS = 8;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SparkSession session;

  public DatasetImporter(SparkSession session) {
    this.session = session;
  }

  /**
   * Packs.
   *
   * @throws ConvoyException if there is no image, two have the same identity, too many are corrupt,
   *     the source is not as it must be, or the output cannot be written
   */
  public ImportSummary run(ImportJob job) {
    return Supervised.run(session.sparkContext(), "importing", () -> supervised(job));
  }

  private ImportSummary supervised(ImportJob job) {
    Configuration hadoop = DriverDirectory.configuration(session);
    long maxPixels = job.limits().maxPixels();
    try (AtomicDirectory output =
        AtomicDirectory.create(hadoop, job.output(), job.overwrite(), DATASET)) {
      JavaRDD<EncodedImage> sorted = NumberedImages.sorted(job.dataset(), ranges(job));
      ImageCounts counts =
          ImageCounts.sum(
              Jobs.run(
                  () ->
                      sorted
                          .mapPartitions(
                              images -> List.of(ImageCounts.of(images, maxPixels)).iterator())
                          .collect()));
      if (counts.images() == 0) {
        throw new ConvoyException(job.name() + ": expected images, found none");
      }
      counts.reasons().check(job.limits(), counts.images(), job.name());
      int files = write(job, sorted, counts, output);
      Quarantine quarantine = new Quarantine();
      if (counts.corrupt().length > 0) {
        corrupt(sorted, maxPixels).forEach(quarantine::add);
        output.files().writeText(new Path(output.path(), QUARANTINE), quarantine.toCsv());
      }
      ImportSummary summary =
          new ImportSummary(
              job.name(),
              counts.images(),
              counts.bytes(),
              quarantine.size(),
              files,
              Long.toHexString(counts.fingerprint()),
              job.dataset().classes(),
              quarantine);
      output.files().writeText(new Path(output.path(), SUMMARY), json(summary));
      output.commit();
      return summary;
    }
  }

  /** No more than the limits allow. */
  private static List<CorruptImage> corrupt(JavaRDD<EncodedImage> images, long maxPixels) {
    return Jobs.run(
        () ->
            images
                .mapPartitions(
                    part -> {
                      ImageInspector inspector = new ImageInspector(maxPixels);
                      List<CorruptImage> found = new ArrayList<>();
                      part.forEachRemaining(
                          image -> {
                            try {
                              inspector.inspect(image.origin(), image.content());
                            } catch (CorruptImageException e) {
                              found.add(CorruptImage.of(image, e));
                            }
                          });
                      return found.iterator();
                    })
                .collect());
  }

  private static int ranges(ImportJob job) {
    if (job.files() instanceof Count count) {
      return count.files();
    }
    int partitions = job.dataset().rows().javaRDD().getNumPartitions();
    return powerOfTwo((long) RANGES * partitions);
  }

  /** Returns how many files there are. */
  private int write(
      ImportJob job, JavaRDD<EncodedImage> sorted, ImageCounts counts, AtomicDirectory output) {
    int partitions = partitions(job.files(), counts, sorted.getNumPartitions());
    JavaRDD<Row> rows =
        sorted
            .rdd()
            .coalesce(partitions, false, Option.apply(new Neighbours()), null)
            .toJavaRDD()
            .map(
                image ->
                    RowFactory.create(image.id(), image.origin(), image.label(), image.content()));
    Dataset<Row> table =
        session.createDataFrame(rows, PackedImages.schema(job.dataset().classes()));
    Path parts = new Path(output.path(), "parts");
    Jobs.run(
        () -> {
          table
              .write()
              .mode(SaveMode.ErrorIfExists)
              .option("parquet.block.size", ROW_GROUP_BYTES)
              .option("parquet.block.size.row.check.min", ROWS_BETWEEN_CHECKS)
              .option("parquet.page.size.row.check.min", ROWS_BETWEEN_CHECKS)
              // No two images are equal: looking for repetitions only costs memory.
              .option("parquet.enable.dictionary#content", false)
              .parquet(parts.toString());
          return null;
        });
    return nameFiles(output, parts);
  }

  private static int partitions(FileCut cut, ImageCounts counts, int ranges) {
    if (cut instanceof Size size) {
      return Math.min(ranges, powerOfTwo((counts.bytes() + size.bytes() - 1) / size.bytes()));
    }
    return ranges;
  }

  /** Spark's names of files differ from run to run. */
  private static int nameFiles(AtomicDirectory output, Path parts) {
    HadoopFiles files = output.files();
    List<Path> written =
        files.list(parts).stream().filter(file -> file.getName().endsWith(".parquet")).toList();
    for (int i = 0; i < written.size(); i++) {
      String name = PackedImages.fileName(i, written.size());
      files.rename(written.get(i), new Path(output.path(), name));
    }
    files.delete(parts);
    return written.size();
  }

  private static int powerOfTwo(long atLeast) {
    int number = 1;
    while (number < atLeast && number < MOST_FILES) {
      number *= 2;
    }
    return number;
  }

  private static String json(ImportSummary summary) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
