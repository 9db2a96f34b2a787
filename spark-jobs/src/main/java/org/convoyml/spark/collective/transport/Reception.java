package org.convoyml.spark.collective.transport;

import org.convoyml.spark.collective.transport.Message.Floats;

/** Floats that an operation expects. Called by one thread at a time. */
interface Reception {
  /** Where floats go: {@code array} from {@code index} on. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Place(float[] array, int index) {}

  /** Where these go. */
  Place placeFor(int from, Floats floats);

  /** They are where they belong. */
  void arrived(int from, Floats floats);
}
