package org.convoyml.spark.train;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.train.Validation.Keep;
import org.convoyml.spark.train.Validation.Monitor;

/**
 * Which of the models so far is the best, and whether to go on.
 *
 * @param best number of the round after which the figure was best; 0 before the first evaluation
 * @param waited evaluations since then
 * @param scores of all evaluations, in order
 */
public record ModelSelection(int best, int waited, List<Score> scores) {
  /** Before the first evaluation. */
  public static final ModelSelection START = new ModelSelection(0, 0, List.of());

  /**
   * One evaluation on the images that are held out.
   *
   * @param epoch from 1
   * @param round number of the round after which it was
   * @param accuracy share of images classified correctly
   * @param loss mean cross-entropy
   */
  public record Score(int epoch, int round, double accuracy, double loss) {
    private boolean isBetterThan(Score other, Monitor monitor) {
      return switch (monitor) {
        case ACCURACY -> accuracy > other.accuracy;
        case LOSS -> loss < other.loss;
      };
    }
  }

  public ModelSelection {
    scores = List.copyOf(scores);
  }

  /** With one more evaluation. */
  ModelSelection after(Score score, Monitor monitor) {
    List<Score> all = new ArrayList<>(scores);
    all.add(score);
    boolean better = best == 0 || score.isBetterThan(bestScore(), monitor);
    return better
        ? new ModelSelection(score.round(), 0, all)
        : new ModelSelection(best, waited + 1, all);
  }

  private Score bestScore() {
    return scores.stream().filter(score -> score.round() == best).findFirst().orElseThrow();
  }

  /** Whether patience is at an end. */
  boolean hasLostPatience(Validation validation) {
    return validation.patience() > 0 && waited >= validation.patience();
  }

  /** The round whose weights the model gets, if training ends after the given one. */
  int chosen(Validation validation, int last) {
    return validation.keep() == Keep.BEST && best > 0 ? best : last;
  }
}
