package org.convoyml.dl4j.graph;

import org.convoyml.nn.engine.MicroBatch;

/** The micro-batch that a graph computes, for those of its parts that are Convoy's. */
public final class BatchHolder {
  private MicroBatch batch;

  MicroBatch get() {
    return batch;
  }

  public void set(MicroBatch current) {
    batch = current;
  }
}
