package org.convoyml.spark.cli;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageDecoder;
import org.convoyml.aug.image.ImageInspector;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.model.HadoopFiles;

/**
 * Decides on the network and its preprocessing. A network from a file says which images it takes;
 * one from the zoo is built for the size and the channels of the data set's images.
 */
final class NetworkChoice {
  private final SparkSession session;
  private final String model;
  private final String file;
  private final Normalisation normalisation;
  private final Float labelSmoothing;
  private final long maxPixels;

  /** What was decided. */
  record Chosen(NetworkSpec network, Preprocessing preprocessing) {}

  /**
   * @param model a name from the zoo, or null
   * @param file of a network, if there is no name
   * @param normalisation of the network's input
   * @param labelSmoothing null for the network's own
   * @param maxPixels larger images are corrupt
   */
  NetworkChoice(
      SparkSession session,
      String model,
      String file,
      Normalisation normalisation,
      Float labelSmoothing,
      long maxPixels) {
    this.maxPixels = maxPixels;
    this.labelSmoothing = labelSmoothing;
    this.session = session;
    this.model = model;
    this.file = file;
    this.normalisation = normalisation;
  }

  Chosen choose(ImageDataset dataset, String datasetName) {
    NetworkSpec network =
        model == null
            ? readNetwork()
            : Zoo.build(model, firstShape(dataset, datasetName), dataset.classes().size());
    if (labelSmoothing != null) {
      network = network.withLabelSmoothing(labelSmoothing);
    }
    return new Chosen(network, normalisation.preprocessing(network.input(), file));
  }

  private NetworkSpec readNetwork() {
    Configuration hadoop = session.sessionState().newHadoopConf();
    try (HadoopFiles files = HadoopFiles.of(hadoop, file)) {
      return NetworkJson.read(files.readText(new Path(file)), file);
    }
  }

  /**
   * Size and channels of the sound image with the smallest id, so that the network does not depend
   * on how the data set is packed.
   */
  private Shape firstShape(ImageDataset dataset, String datasetName) {
    Dataset<Row> rows = dataset.rows().select("id", "origin", "content");
    FilterFunction<Row> sound = new Sound(maxPixels);
    List<Row> first = rows.filter(sound).orderBy("id").takeAsList(1);
    if (first.isEmpty()) {
      first = rows.orderBy("id").takeAsList(1);
    }
    if (first.isEmpty()) {
      throw new ConvoyException(datasetName + ": expected images, found none");
    }
    // Throws what is wrong with it if there is no sound one.
    return ImageDecoder.shapeOf(
        first.get(0).getString(1), first.get(0).<byte[]>getAs(2), maxPixels);
  }

  /** Lets those images pass with which nothing is visibly wrong. */
  private record Sound(long maxPixels) implements FilterFunction<Row> {
    @Override
    public boolean call(Row row) {
      try {
        new ImageInspector(maxPixels).inspect(row.getString(1), row.<byte[]>getAs(2));
        return true;
      } catch (CorruptImageException e) {
        return false;
      }
    }
  }
}
