package org.convoyml.spark.train;

/**
 * Is told how a training goes; what is not overridden does nothing. Calls come from several
 * threads.
 */
public interface TrainingListener {
  /** What will be done, before it begins. */
  default void planned(TrainingPlan plan) {}

  /** How far it has come; the last step of each epoch is always told. */
  default void progressed(Progress progress) {}

  /** An epoch is over and its ledger balances. */
  default void epochEnded(EpochReport report) {}

  /** Something happened that training goes on after, such as the loss of a worker; one line. */
  default void warned(String what) {}
}
