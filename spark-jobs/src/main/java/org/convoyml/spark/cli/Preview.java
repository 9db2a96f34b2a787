package org.convoyml.spark.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.convoyml.aug.image.ContactSheet;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageVariants;
import org.convoyml.aug.image.OutputFormat;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.spark.Augmenter;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.driver.Jobs;

/**
 * Draws what a policy makes of some images; if it mixes micro-batches, of the one that they are
 * together.
 *
 * @param policy how they are varied
 * @param seed of all random choices
 * @param copies variants of each
 * @param images how many at most: the first of each class by id, in the order of classes, then the
 *     second
 * @param maxPixels of images that are drawn
 */
record Preview(AugmentationPolicy policy, long seed, int copies, int images, long maxPixels) {
  private static final String RANK = "rank";

  /**
   * A PNG file with a row for each image: the original and its variants.
   *
   * @throws ConvoyException if there are no images
   */
  byte[] of(ImageDataset dataset, String datasetName) {
    List<Long> ids = Jobs.run(() -> chosen(dataset.rows()));
    if (ids.isEmpty()) {
      throw new ConvoyException(datasetName + ": expected images, found none");
    }
    ImageDataset chosen =
        new ImageDataset(dataset.rows().filter(col("id").isInCollection(ids)), dataset.classes());
    boolean mixes = !policy.batchOps().isEmpty();
    List<List<Row>> groups = varied(chosen.rows(), mixes ? 1 : copies);
    groups.sort(Comparator.comparingInt(group -> ids.indexOf(group.get(0).getLong(0))));
    List<ContactSheet.Row> rows =
        mixes
            ? new MixedRows(policy, seed, copies, maxPixels).of(chosen, datasetName, groups)
            : groups.stream().map(group -> row(dataset, group)).toList();
    List<String> headings =
        Stream.concat(
                Stream.of("original"), IntStream.rangeClosed(1, copies).mapToObj(String::valueOf))
            .toList();
    return new ContactSheet("%s   (seed %d)".formatted(policy, seed), headings, rows).toPng();
  }

  /** Only ids and labels are shuffled. */
  private List<Long> chosen(Dataset<Row> rows) {
    return rows
        .select("id", "label")
        .withColumn(RANK, row_number().over(Window.partitionBy("label").orderBy("id")))
        .orderBy(RANK, "label")
        .limit(images)
        .collectAsList()
        .stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  /** Each image and its variants, not yet mixed and no larger than they are drawn. */
  private List<List<Row>> varied(Dataset<Row> originals, int variants) {
    Augmenter augmenter =
        new Augmenter()
            .setPolicy(new AugmentationPolicy(policy.imageOps()).toString())
            .setSeed(seed)
            .setCopies(variants)
            .setMaxPixels(maxPixels);
    Dataset<Row> varied = augmenter.transform(originals);
    long most = maxPixels;
    MapPartitionsFunction<Row, Row> reduce =
        rows -> {
          List<Row> reduced = new ArrayList<>();
          try (ImageVariants images = new ImageVariants(List.of(), OutputFormat.PNG, 100, most)) {
            rows.forEachRemaining(row -> reduced.add(reduced(images, row)));
          }
          return reduced.iterator();
        };
    List<Row> rows =
        Jobs.run(() -> varied.mapPartitions(reduce, Encoders.row(varied.schema())).collectAsList());
    List<List<Row>> groups = new ArrayList<>();
    // Variants follow their original.
    for (int i = 0; i < rows.size(); i += variants + 1) {
      groups.add(rows.subList(i, i + variants + 1));
    }
    return groups;
  }

  private static Row reduced(ImageVariants images, Row row) {
    byte[] content = row.getAs(3);
    byte[] small;
    try {
      small = images.reduced(row.getString(1), content, ContactSheet.CELL);
    } catch (CorruptImageException e) {
      small = UnreadableImage.of(e.reason());
    }
    return RowFactory.create(row.get(0), row.get(1), row.get(2), small);
  }

  private static ContactSheet.Row row(ImageDataset dataset, List<Row> group) {
    return new ContactSheet.Row(
        caption(dataset, group.get(0)), group.stream().map(row -> row.<byte[]>getAs(3)).toList());
  }

  /** Says of an original what it is. */
  static String caption(ImageDataset dataset, Row original) {
    return dataset.classes().get(original.getInt(2)) + ": " + original.getString(1);
  }
}
