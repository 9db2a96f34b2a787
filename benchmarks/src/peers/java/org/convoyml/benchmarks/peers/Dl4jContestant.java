package org.convoyml.benchmarks.peers;

import java.io.IOException;
import org.convoyml.benchmarks.Contest;
import org.convoyml.benchmarks.Contestant;
import org.convoyml.dl4j.graph.GraphTranslator;
import org.convoyml.dl4j.graph.Purpose;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Deeplearning4j without Spark: whole training steps by {@code ComputationGraph.fit} in f32. Its
 * workspaces are on, as they are by default. Whether its layers use oneDNN is up to the options of
 * the JVM: see {@link org.nd4j.nativeblas.Nd4jCpu}.
 */
public final class Dl4jContestant {
  private Dl4jContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    useThreads(contest.threads());
    Contestant contestant = new Contestant();
    ComputationGraph graph = graph(contest);
    DataSet batch = Dl4jData.noise(contest.spec(), contest.batch());
    Contestant.Step step = () -> graph.fit(batch);
    contestant.serveSlow(step, step, 1);
    System.exit(0); // ND4J's threads would go on
  }

  /** For the whole JVM. Loads ND4J. */
  static void useThreads(int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }

  /** The network of a contest, which learns so slowly that it does not learn noise by heart. */
  static ComputationGraph graph(Contest contest) {
    return new GraphTranslator(contest.spec(), Purpose.DL4J)
        .withUpdater(new Nesterovs(1e-9, 0.9))
        .translate()
        .instantiate();
  }
}
