package org.convoyml.spark.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.aug.source.DriverDirectory;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.metrics.ConfusionMatrix;
import org.convoyml.spark.data.BatchPlan;
import org.convoyml.spark.data.BatchRangePartitioner;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.data.NumberedImages;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.data.TensorTransformation;
import org.convoyml.spark.data.Variation;
import org.convoyml.spark.driver.Jobs;
import org.convoyml.spark.driver.Supervised;
import org.convoyml.spark.model.ModelDirectory;

/**
 * Evaluates a model on the cluster. Images are put into the same batches in the same order whatever
 * the number of tasks, and the batches' figures are added in order, so the result does not depend
 * on the cluster.
 */
public final class Evaluator {
  /** Images that are computed together unless the user says otherwise. */
  public static final int BATCH_SIZE = 64;

  private final SparkSession session;
  private final String engine;
  private final int batchSize;
  private final ImageLimits limits;

  /**
   * @param engine by name
   * @param batchSize images that are computed together
   * @param limits of what the data set may hold
   */
  public Evaluator(SparkSession session, String engine, int batchSize, ImageLimits limits) {
    this.limits = limits;
    this.session = session;
    this.engine = engine;
    this.batchSize = batchSize;
  }

  /** Names for classes of which nothing is known but their order. */
  public static List<String> numberedClasses(int classes) {
    return ClassMatching.numbered(classes);
  }

  /**
   * Runs the model on every image.
   *
   * @param model directory of the model, readable on all executors
   * @param datasetName names the data set in messages
   * @throws ConvoyException if the model is not as it must be, a class of the data set is not one
   *     of the model's, or too many images are corrupt
   */
  public Evaluation evaluate(String model, ImageDataset dataset, String datasetName) {
    // What is wrong with the model is better known before the images are read.
    matching(description(model), dataset.classes(), datasetName);
    return supervised(
        () -> {
          try (NumberedImages images = NumberedImages.of(dataset, datasetName, limits)) {
            Evaluation evaluation = evaluated(model, images, dataset.classes(), datasetName);
            images.finished();
            return evaluation;
          }
        });
  }

  /**
   * The same for images that are numbered already, to evaluate several models on.
   *
   * @param classes of the data set
   */
  public Evaluation evaluate(
      String model, NumberedImages images, List<String> classes, String datasetName) {
    return supervised(() -> evaluated(model, images, classes, datasetName));
  }

  private Evaluation supervised(Supplier<Evaluation> work) {
    return Supervised.run(session.sparkContext(), "evaluating", work);
  }

  private Evaluation evaluated(
      String model, NumberedImages images, List<String> classes, String datasetName) {
    ModelDirectory.Description description = description(model);
    ClassMatching matching = matching(description, classes, datasetName);
    long batches = (images.size() + batchSize - 1) / batchSize;
    BatchPlan plan = new BatchPlan(images.size(), batches);
    int tasks = (int) Math.min(batches, session.sparkContext().defaultParallelism());
    JavaRDD<BatchScore> scores =
        images
            .deal(plan, new long[0], new BatchRangePartitioner(batches, tasks))
            .mapPartitions(
                new TensorTransformation(
                    description.preprocessing(),
                    Variation.NONE,
                    plan.largest(),
                    limits.maxPixels()))
            .mapPartitions(
                new BatchScorer(
                    model,
                    engine,
                    plan.largest(),
                    matching.labels(),
                    new SerializableConfiguration(hadoop())));
    Evaluation evaluation = sum(matching, Jobs.run(() -> Jobs.collectLast(scores)));
    evaluation.quarantine().reasons().check(limits, images.size(), datasetName);
    return evaluation;
  }

  private Configuration hadoop() {
    return DriverDirectory.configuration(session);
  }

  private ModelDirectory.Description description(String model) {
    return ModelDirectory.readDescription(hadoop(), model);
  }

  private static ClassMatching matching(
      ModelDirectory.Description model, List<String> classes, String datasetName) {
    return ClassMatching.of(model.classes(), classes, datasetName);
  }

  private static Evaluation sum(ClassMatching matching, List<BatchScore> scores) {
    List<BatchScore> inOrder = new ArrayList<>(scores);
    inOrder.sort(Comparator.comparingLong(BatchScore::batch));
    ConfusionMatrix confusion = new ConfusionMatrix(matching.names().size());
    Quarantine quarantine = new Quarantine();
    double lossSum = 0;
    for (BatchScore score : inOrder) {
      lossSum += score.lossSum();
      Stream.of(score.corrupt()).forEach(quarantine::add);
      for (int i = 0; i < score.labels().length; i++) {
        confusion.add(score.labels()[i], score.predictions()[i]);
      }
    }
    return new Evaluation(
        matching.names(), confusion, lossSum / confusion.total(), matching.byOrder(), quarantine);
  }
}
