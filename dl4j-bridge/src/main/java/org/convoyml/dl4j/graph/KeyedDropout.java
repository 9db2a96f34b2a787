package org.convoyml.dl4j.graph;

import org.convoyml.nn.engine.DropoutMask;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Dropout with Convoy's mask, which is the same for every engine. */
final class KeyedDropout implements IDropout {
  private static final long serialVersionUID = 1L;

  private final transient BatchHolder holder;
  private final int layer;
  private final float rate;

  /**
   * @param holder has the micro-batch, which has the key
   * @param layer index in the network
   */
  KeyedDropout(BatchHolder holder, int layer, float rate) {
    this.holder = holder;
    this.layer = layer;
    this.rate = rate;
  }

  @Override
  public INDArray applyDropout(
      INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
    return multiply(input, result);
  }

  @Override
  public INDArray backprop(INDArray gradient, INDArray result, int iteration, int epoch) {
    return multiply(gradient, result);
  }

  private INDArray multiply(INDArray from, INDArray into) {
    long key = DropoutMask.key(holder.get().key(), layer);
    float[] factors = new float[Math.toIntExact(from.length())];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = DropoutMask.factor(key, i, rate);
    }
    return from.muli(Nd4j.create(factors, from.shape(), 'c'), into);
  }

  /** Nothing is kept: the mask is made again from its key. */
  @Override
  public void clear() {}

  /** Shares the holder: Deeplearning4j clones configurations. */
  @Override
  @SuppressWarnings("MissingSuperCall")
  public IDropout clone() {
    return new KeyedDropout(holder, layer, rate);
  }
}
