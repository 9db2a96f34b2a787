package org.convoyml.benchmarks.peers;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.kryo.Nd4jRegistrator;

/**
 * dl4j-spark with its best known settings: one-thread workers in one JVM, which average their
 * parameters every five batches; Kryo; data in memory as batches already, and never repartitioned.
 */
final class Dl4jSpark {
  /** Batches that a worker trains on between averages: Deeplearning4j's default. */
  static final int AVERAGING_FREQUENCY = 5;

  private Dl4jSpark() {}

  /** Starts Spark, and ND4J with one thread for each worker. */
  static JavaSparkContext start(int workers) {
    Dl4jContestant.useThreads(1);
    return new JavaSparkContext(
        LocalSpark.conf("dl4j-spark", workers, Nd4jRegistrator.class)
            // Parameters and momentum of VGG-16 are 1.1 GB, which each worker sends back.
            .set("spark.kryoserializer.buffer.max", "2047m")
            .set("spark.driver.maxResultSize", "0"));
  }

  /**
   * Makes the trainer.
   *
   * @param batchSize images in each {@code DataSet}
   */
  static SparkComputationGraph trainer(
      JavaSparkContext spark, ComputationGraph graph, int workers, int batchSize) {
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(workers, batchSize)
            .batchSizePerWorker(batchSize)
            .averagingFrequency(AVERAGING_FREQUENCY)
            .workerPrefetchNumBatches(2)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .repartionData(Repartition.Never)
            .storageLevel(StorageLevel.MEMORY_ONLY())
            .build();
    return new SparkComputationGraph(spark, graph, master);
  }
}
