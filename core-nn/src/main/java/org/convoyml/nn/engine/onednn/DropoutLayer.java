package org.convoyml.nn.engine.onednn;

import org.convoyml.nn.engine.DropoutMask;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.LayerNode;

/** Multiplication with a mask that is drawn on the Java side. */
final class DropoutLayer {
  private DropoutLayer() {}

  static void emit(GraphCompiler graph, LayerNode node, Dropout dropout) {
    if (!graph.training() || dropout.rate() == 0) {
      graph.passThrough(node);
      return;
    }
    Tensor input = graph.input(node);
    Tape tape = graph.tape();
    Value canonical = Value.planned(Layouts.plain(Layouts.dimensionsOf(input.value().desc())));
    Tape.HostTensor mask = tape.onHost(canonical);
    float[] factors = new float[graph.batch() * graph.shape(node).elements()];
    int layer = graph.index(node);
    tape.host(
        () -> {
          long key = DropoutMask.key(graph.microBatch().get().key(), layer);
          for (int i = 0; i < factors.length; i++) {
            factors[i] = DropoutMask.factor(key, i, dropout.rate());
          }
          mask.put(factors, factors.length);
        },
        canonical);
    Value multiplier = tape.inLayout(canonical, input.value().desc());
    Value output = ElementwiseLayers.product(graph, input.value(), multiplier);
    Tensor result = new Tensor(graph.shape(node), output, input.needsGradient());
    graph.finish(
        node,
        result,
        () -> {
          Value gradient = graph.reshaped(result.gradient(), multiplier);
          graph.addGradient(
              input,
              ElementwiseLayers.product(
                  graph, tape.inLayout(gradient, multiplier.desc()), multiplier));
        });
  }
}
