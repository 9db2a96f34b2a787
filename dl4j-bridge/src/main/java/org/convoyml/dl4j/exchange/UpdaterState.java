package org.convoyml.dl4j.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.convoyml.nn.spec.ParameterLayout;

/**
 * How Deeplearning4j lays out the state of its updaters: blocks of weights that follow one another
 * and have one updater share a stretch, which has that updater's vectors one behind the other. What
 * has no state separates stretches.
 */
final class UpdaterState {
  private final List<List<WeightBlock>> stretches = new ArrayList<>();
  private final Optional<UpdaterRule> rule;

  /**
   * @param blocks in the order of the flat vector
   */
  UpdaterState(List<WeightBlock> blocks) {
    List<WeightBlock> stretch = new ArrayList<>();
    for (WeightBlock block : blocks) {
      if (block.hasState()) {
        stretch.add(block);
      } else if (!stretch.isEmpty()) {
        stretches.add(stretch);
        stretch = new ArrayList<>();
      }
    }
    if (!stretch.isEmpty()) {
      stretches.add(stretch);
    }
    this.rule = rule();
  }

  private Optional<UpdaterRule> rule() {
    List<JsonPlace> updaters =
        stretches.stream().flatMap(List::stream).map(WeightBlock::updater).toList();
    List<JsonNode> different = updaters.stream().map(JsonPlace::node).distinct().toList();
    return different.size() == 1 && updaters.get(0).isPresent()
        ? UpdaterRule.read(updaters.get(0))
        : Optional.empty();
  }

  /** What updates all weights; none if there are several, or Convoy has it not. */
  Optional<UpdaterRule> common() {
    return rule;
  }

  /** How many numbers the state of that has. */
  long size() {
    long weights = stretches.stream().flatMap(List::stream).mapToLong(WeightBlock::length).sum();
    return weights * vectors();
  }

  private int vectors() {
    return rule.orElseThrow().optimizer().stateVectors();
  }

  /** Vectors like the flat vector of a network. */
  List<float[]> toConvoy(float[] theirs, ParameterLayout layout) {
    List<float[]> ours = new ArrayList<>();
    for (int i = 0; i < vectors(); i++) {
      ours.add(new float[layout.size()]);
    }
    float factor = rule.orElseThrow().factor();
    walk((block, vector, at) -> block.toConvoy(theirs, at, layout, ours.get(vector)));
    ours.forEach(vector -> scale(vector, factor));
    return ours;
  }

  /** The other way round. */
  float[] fromConvoy(List<float[]> ours, ParameterLayout layout) {
    float[] theirs = new float[Math.toIntExact(size())];
    walk((block, vector, at) -> block.fromConvoy(ours.get(vector), layout, theirs, at));
    scale(theirs, 1 / rule.orElseThrow().factor());
    return theirs;
  }

  private interface Visit {
    void at(WeightBlock block, int vector, int offset);
  }

  private void walk(Visit visit) {
    int at = 0;
    for (List<WeightBlock> stretch : stretches) {
      for (int vector = 0; vector < vectors(); vector++) {
        for (WeightBlock block : stretch) {
          visit.at(block, vector, at);
          at += block.length();
        }
      }
    }
  }

  private static void scale(float[] numbers, float factor) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factor;
    }
  }
}
