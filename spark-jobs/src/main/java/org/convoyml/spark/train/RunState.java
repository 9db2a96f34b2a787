package org.convoyml.spark.train;

import java.util.List;
import org.convoyml.nn.train.LearningRateSchedule.Plateau;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.CorruptImage;
import org.convoyml.spark.data.Ledger;

/**
 * Where a training stands between two rounds, but for the vectors. All random choices follow from
 * the seed and from this place, so there is no random state.
 *
 * @param round rounds that are done
 * @param epoch of the next step, from 0; after the last step the number of epochs
 * @param step the next, within its epoch
 * @param totals figures of that epoch so far
 * @param ledger of that epoch so far
 * @param lastEpoch figures of the last whole epoch
 * @param plateau what the schedule remembers
 * @param selection evaluations, and the best of them
 * @param stopped whether patience came to an end
 * @param trained images in all rounds together
 * @param corrupt images that were left out
 */
record RunState(
    int round,
    int epoch,
    int step,
    Totals totals,
    Ledger ledger,
    Totals lastEpoch,
    Plateau.State plateau,
    ModelSelection selection,
    boolean stopped,
    long trained,
    List<CorruptImage> corrupt) {
  static final RunState START =
      new RunState(
          0,
          0,
          0,
          Totals.NONE,
          Ledger.EMPTY,
          Totals.NONE,
          Plateau.State.START,
          ModelSelection.START,
          false,
          0,
          List.of());

  RunState {
    corrupt = List.copyOf(corrupt);
  }

  boolean isDone(TrainingConfig config) {
    return stopped || epoch == config.epochs();
  }

  /** After a round within an epoch, or one that ends it. */
  RunState after(
      int endStep, int steps, Totals newTotals, Ledger part, List<CorruptImage> allCorrupt) {
    boolean ends = endStep == steps;
    return new RunState(
        round + 1,
        ends ? epoch + 1 : epoch,
        ends ? 0 : endStep,
        ends ? Totals.NONE : newTotals,
        ends ? Ledger.EMPTY : ledger.plus(part),
        ends ? newTotals : lastEpoch,
        plateau,
        selection,
        stopped,
        trained + part.trained(),
        allCorrupt);
  }

  RunState with(Plateau.State newPlateau) {
    return new RunState(
        round,
        epoch,
        step,
        totals,
        ledger,
        lastEpoch,
        newPlateau,
        selection,
        stopped,
        trained,
        corrupt);
  }

  RunState with(ModelSelection newSelection, boolean nowStopped) {
    return new RunState(
        round,
        epoch,
        step,
        totals,
        ledger,
        lastEpoch,
        plateau,
        newSelection,
        nowStopped,
        trained,
        corrupt);
  }
}
