package org.convoyml.benchmarks.peers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.dl4j.graph.GraphTranslator;
import org.convoyml.dl4j.graph.Purpose;
import org.convoyml.dl4j.graph.TranslatedGraph;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.zoo.Zoo;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Trains LeNet with dl4j-spark on what {@code convoy train} trains it on: the same images, scaled
 * the same way, the same ones held out, the same weights to begin with. After each epoch it prints
 * the accuracy on those held out, as Convoy does.
 *
 * <p>Arguments: {@code IMAGES SPLIT EPOCHS LEARNING_RATE BATCH WORKERS SEED}, where a batch is a
 * worker's.
 */
public final class Dl4jSparkMnist {
  private final NetworkSpec network = Zoo.named("lenet").published();
  private final JavaSparkContext spark;
  private final int batch;
  private final int workers;
  private final long seed;

  private Dl4jSparkMnist(JavaSparkContext spark, int batch, int workers, long seed) {
    this.spark = spark;
    this.batch = batch;
    this.workers = workers;
    this.seed = seed;
  }

  public static void main(String[] words) {
    int workers = Integer.parseInt(words[5]);
    JavaSparkContext spark = Dl4jSpark.start(workers);
    spark.setLogLevel("ERROR");
    new Dl4jSparkMnist(spark, Integer.parseInt(words[4]), workers, Long.parseLong(words[6]))
        .train(
            words[0],
            Double.parseDouble(words[1]),
            Integer.parseInt(words[2]),
            Double.parseDouble(words[3]));
    System.exit(0); // ND4J's threads would go on
  }

  private void train(String path, double share, int epochs, double learningRate) {
    ImageDataset images =
        ImageSources.open(new SparkSession(spark.sc()), path);
    StratifiedSplit split = StratifiedSplit.of(images, share, seed, path);
    List<JavaRDD<DataSet>> rounds =
        rounds(batches(split.training()), workers * Dl4jSpark.AVERAGING_FREQUENCY);
    JavaRDD<DataSet> validation = inMemory(batches(split.validation()));
    SparkComputationGraph trainer =
        Dl4jSpark.trainer(spark, graph(learningRate), workers, batch);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      rounds.forEach(trainer::fit);
      double accuracy = trainer.evaluate(validation).accuracy();
      System.out.printf(
          Locale.ROOT, "epoch %d/%d%n  held out: accuracy %.2f%%%n", epoch, epochs, 100 * accuracy);
    }
  }

  /** With the weights that Convoy begins with. */
  private ComputationGraph graph(double learningRate) {
    TranslatedGraph translated =
        new GraphTranslator(network, Purpose.DL4J)
            .withUpdater(new Nesterovs(learningRate, 0.9))
            .translate();
    ComputationGraph graph = translated.instantiate();
    translated.load(ParameterInitializer.initialize(ParameterLayout.of(network), seed), graph);
    return graph;
  }

  /** Whole batches in an order that is shuffled once; the last one may be smaller. */
  private List<DataSet> batches(ImageDataset images) {
    List<Row> rows =
        new ArrayList<>(images.rows().select("id", "label", "content").collectAsList());
    Collections.shuffle(rows, new Random(seed));
    Shape shape = network.input();
    List<DataSet> batches = new ArrayList<>();
    Preprocessing scaled = Preprocessing.mnist(shape.height(), shape.width());
    try (ImagePipeline pipeline = new ImagePipeline(scaled, AugmentationPolicy.NONE)) {
      for (int from = 0; from < rows.size(); from += batch) {
        List<Row> some = rows.subList(from, Math.min(from + batch, rows.size()));
        float[] values = new float[some.size() * shape.elements()];
        for (int n = 0; n < some.size(); n++) {
          Row row = some.get(n);
          pipeline.apply(
              row.getLong(0), "image", row.getAs(2), seed, 0, values, n * shape.elements());
        }
        long[] dimensions = {some.size(), shape.channels(), shape.height(), shape.width()};
        INDArray array = Nd4j.create(values, dimensions, 'c');
        int[] labels = some.stream().mapToInt(row -> row.getInt(1)).toArray();
        batches.add(new DataSet(array, Dl4jData.oneHot(labels, network.classes())));
      }
    }
    return batches;
  }

  /**
   * What is trained on between two averages, so that each worker has as many batches: where
   * dl4j-spark itself divides an RDD, it does so at random.
   */
  private List<JavaRDD<DataSet>> rounds(List<DataSet> batches, int size) {
    return IntStream.iterate(0, from -> from < batches.size(), from -> from + size)
        .mapToObj(from -> batches.subList(from, Math.min(from + size, batches.size())))
        .map(this::inMemory)
        .toList();
  }

  /** Batches as an RDD whose tasks need not bring them along. */
  private JavaRDD<DataSet> inMemory(List<DataSet> batches) {
    Broadcast<List<DataSet>> all = spark.broadcast(new ArrayList<>(batches));
    JavaRDD<DataSet> data =
        spark
            .parallelize(IntStream.range(0, batches.size()).boxed().toList(), workers)
            .map(number -> all.value().get(number))
            .persist(StorageLevel.MEMORY_ONLY());
    data.count();
    return data;
  }
}
