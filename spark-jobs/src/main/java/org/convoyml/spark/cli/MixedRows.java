package org.convoyml.spark.cli;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.convoyml.aug.image.ContactSheet;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageInspector;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.data.BatchPicture;
import org.convoyml.spark.data.CorruptImage;

/**
 * The rows of a preview whose policy mixes images: together they are a micro-batch, all made as
 * large as the first, and below each is what it is to be taken for.
 */
record MixedRows(AugmentationPolicy policy, long seed, int copies, long maxPixels) {
  /** Smaller shares are not worth a note. */
  private static final float LEAST_SHARE = 0.005f;

  /**
   * @param chosen the images
   * @param groups of each the original and one variant that is not mixed, in the order of rows
   */
  List<ContactSheet.Row> of(ImageDataset chosen, String datasetName, List<List<Row>> groups) {
    List<BatchPicture> batches =
        BatchPicture.firstEpochs(
            chosen, datasetName, policy, seed, copies, shape(groups, datasetName), maxPixels);
    // The order within the micro-batch.
    List<Long> ids = groups.stream().map(group -> group.get(0).getLong(0)).sorted().toList();
    List<ContactSheet.Row> rows = new ArrayList<>();
    for (List<Row> group : groups) {
      Row original = group.get(0);
      List<byte[]> images = new ArrayList<>(List.of(original.<byte[]>getAs(3)));
      List<String> notes = new ArrayList<>(List.of(""));
      for (BatchPicture batch : batches) {
        add(batch, original.getLong(0), ids, chosen.classes(), images, notes);
      }
      rows.add(new ContactSheet.Row(Preview.caption(chosen, original), images, notes));
    }
    return rows;
  }

  private static void add(
      BatchPicture batch,
      long id,
      List<Long> ids,
      List<String> classes,
      List<byte[]> images,
      List<String> notes) {
    for (CorruptImage corrupt : batch.corrupt()) {
      if (corrupt.id() == id) {
        images.add(UnreadableImage.of(corrupt.reason()));
        notes.add("");
        return;
      }
    }
    List<Long> leftOut = Stream.of(batch.corrupt()).map(CorruptImage::id).toList();
    int place = ids.stream().filter(other -> !leftOut.contains(other)).toList().indexOf(id);
    images.add(batch.images()[place]);
    notes.add(shares(batch.targets(), place, classes));
  }

  /** For example {@code 70% cat, 30% dog}: the largest share first. */
  private static String shares(float[] targets, int place, List<String> classes) {
    int from = place * classes.size();
    return IntStream.range(0, classes.size())
        .filter(k -> targets[from + k] >= LEAST_SHARE)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -targets[from + k]))
        .map(k -> String.format(Locale.ROOT, "%.0f%% %s", 100 * targets[from + k], classes.get(k)))
        .collect(joining(", "));
  }

  /** As large as the first variant is drawn; in colour if any is. */
  private Shape shape(List<List<Row>> groups, String datasetName) {
    ImageInspector inspector = new ImageInspector(maxPixels);
    List<Shape> shapes = new ArrayList<>();
    for (List<Row> group : groups) {
      try {
        inspector.inspect("", group.get(1).<byte[]>getAs(3));
        shapes.add(inspector.shape());
      } catch (CorruptImageException e) {
        // Its place will have the reason.
        continue;
      }
    }
    if (shapes.isEmpty()) {
      throw new ConvoyException(datasetName + ": expected images, found corrupt ones only");
    }
    int channels = shapes.stream().mapToInt(Shape::channels).max().orElseThrow();
    return Shape.of(channels, shapes.get(0).height(), shapes.get(0).width());
  }
}
