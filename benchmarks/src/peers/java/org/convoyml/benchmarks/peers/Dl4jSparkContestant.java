package org.convoyml.benchmarks.peers;

import java.io.IOException;
import java.util.Collections;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.convoyml.benchmarks.Contest;
import org.convoyml.benchmarks.Contestant;
import org.convoyml.nn.zoo.Zoo;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/**
 * dl4j-spark: {@code SparkComputationGraph.fit} in f32 with a worker for each core. A fit is as
 * long as one average takes: five batches for each worker, or two of large images, which take
 * minutes.
 */
public final class Dl4jSparkContestant {
  /** Images with more rows than that are large. */
  private static final int LARGE = 64;

  private static final int FEW_BATCHES = 2;

  private Dl4jSparkContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    int workers = contest.threads();
    JavaSparkContext spark = Dl4jSpark.start(workers);
    Contestant contestant = new Contestant();
    SparkComputationGraph trainer =
        Dl4jSpark.trainer(spark, Dl4jContestant.graph(contest), workers, contest.batch());
    int perWorker =
        contest.spec().input().height() > LARGE ? FEW_BATCHES : Dl4jSpark.AVERAGING_FREQUENCY;
    JavaRDD<DataSet> small = data(spark, contest, Dl4jSpark.AVERAGING_FREQUENCY, 1);
    JavaRDD<DataSet> data = data(spark, contest, perWorker, contest.batch());
    contestant.serveSlow(
        () -> trainer.fit(small), () -> trainer.fit(data), workers * perWorker);
    System.exit(0); // ND4J's threads would go on
  }

  /** Batches in memory, in a partition for each worker. */
  private static JavaRDD<DataSet> data(
      JavaSparkContext spark, Contest contest, int perWorker, int size) {
    String network = contest.network();
    int workers = contest.threads();
    JavaRDD<DataSet> data =
        spark
            .parallelize(Collections.nCopies(workers * perWorker, size), workers)
            .map(images -> Dl4jData.noise(Zoo.named(network).published(), images))
            .persist(StorageLevel.MEMORY_ONLY());
    data.count();
    return data;
  }
}
