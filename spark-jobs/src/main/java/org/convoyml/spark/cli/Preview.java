package org.convoyml.spark.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.convoyml.aug.image.ContactSheet;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.spark.Augmenter;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.data.Jobs;

/**
 * Draws what an augmenter makes of some images.
 *
 * @param augmenter how they are varied
 * @param images how many at most: the first of each class by id, in the order of classes, then the
 *     second
 */
record Preview(Augmenter augmenter, int images) {
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
    Dataset<Row> originals = dataset.rows().filter(col("id").isInCollection(ids));
    List<Row> rows =
        Jobs.run(() -> augmenter.setIncludeOriginal(true).transform(originals).collectAsList());
    List<List<Row>> groups = new ArrayList<>();
    // Variants follow their original.
    int columns = augmenter.getCopies() + 1;
    for (int i = 0; i < rows.size(); i += columns) {
      groups.add(rows.subList(i, i + columns));
    }
    groups.sort(Comparator.comparingInt(group -> ids.indexOf(group.get(0).getLong(0))));
    List<String> headings =
        Stream.concat(
                Stream.of("original"),
                IntStream.rangeClosed(1, columns - 1).mapToObj(String::valueOf))
            .toList();
    String title = "%s   (seed %d)".formatted(augmenter.getPolicy(), augmenter.getSeed());
    return new ContactSheet(
            title, headings, groups.stream().map(group -> row(dataset, group)).toList())
        .toPng();
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

  private static ContactSheet.Row row(ImageDataset dataset, List<Row> group) {
    Row original = group.get(0);
    String caption = dataset.classes().get(original.getInt(2)) + ": " + original.getString(1);
    return new ContactSheet.Row(caption, group.stream().map(row -> row.<byte[]>getAs(3)).toList());
  }
}
