package org.convoyml.spark.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.train.UpdateRule;

/**
 * What a cluster must be good for.
 *
 * @param network what will be trained, by which memory is planned; empty if that is not known yet
 * @param engine by name
 * @param precision it computes with
 * @param rule of updates, which says what is kept beside the parameters
 * @param replicas whether every lane has parameters of its own, which are averaged
 * @param workers how many tasks will train; 0 for as many as run at once
 * @param lanes of the training, which are the most workers
 * @param batchSize images in a step, over all lanes
 * @param places directories that training will write, on any Hadoop file system: the model's, the
 *     checkpoints'
 * @param deadline for each wait: until executors have registered, and until they have answered
 */
public record PreflightRequest(
    Optional<NetworkSpec> network,
    String engine,
    Precision precision,
    UpdateRule rule,
    boolean replicas,
    int workers,
    int lanes,
    int batchSize,
    List<String> places,
    Duration deadline) {
  /** For each wait. */
  public static final Duration DEADLINE = Duration.ofSeconds(60);

  public PreflightRequest {
    places = List.copyOf(places);
    if (workers < 0 || lanes < 1 || workers > lanes || batchSize < lanes) {
      throw new IllegalArgumentException(
          "expected workers <= lanes <= batch size, got %d, %d and %d"
              .formatted(workers, lanes, batchSize));
    }
  }

  /**
   * The same, but for the plan of memory: for a training that does not take memory as ours does.
   */
  public PreflightRequest withoutMemory() {
    return new PreflightRequest(
        Optional.empty(),
        engine,
        precision,
        rule,
        replicas,
        workers,
        lanes,
        batchSize,
        places,
        deadline);
  }

  /** Images in the largest micro-batch. */
  int largestMicroBatch() {
    return (batchSize + lanes - 1) / lanes;
  }
}
