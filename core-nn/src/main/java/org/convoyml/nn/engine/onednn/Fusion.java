package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.convoyml.nn.spec.Activation;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.Linear;

/**
 * The layers behind a layer that are computed together with it, because each is the only reader of
 * what comes before it: an activation; in inference also a batch norm, which becomes part of the
 * weights, and a sum with something that is known already.
 *
 * @param norm a batch norm, or null
 * @param addend the other input of a sum, or null
 * @param activation an activation, or null
 * @param absorbed names of these layers
 */
record Fusion(LayerNode norm, Tensor addend, Eltwise activation, List<String> absorbed) {

  /**
   * What can follow a convolution or a dense layer.
   *
   * @param constant whether its weights are no parameters: a batch norm cannot become part of them
   */
  static Fusion behindWeights(GraphCompiler graph, LayerNode node, boolean constant) {
    return find(graph, node, !graph.training() && !constant, !graph.training());
  }

  /** An activation only. */
  static Fusion ofActivation(GraphCompiler graph, LayerNode node) {
    return find(graph, node, false, false);
  }

  private static Fusion find(
      GraphCompiler graph, LayerNode node, boolean normFits, boolean sumFits) {
    List<String> absorbed = new ArrayList<>();
    LayerNode norm = null;
    Tensor addend = null;
    LayerNode next = graph.onlyReader(node.name());
    if (normFits && next != null && next.layer() instanceof BatchNorm) {
      norm = next;
      absorbed.add(next.name());
      next = graph.onlyReader(next.name());
    }
    if (sumFits && next != null && next.layer() instanceof Add) {
      addend = otherInput(graph, next, absorbed.isEmpty() ? node.name() : norm.name());
      if (addend != null) {
        absorbed.add(next.name());
        next = graph.onlyReader(next.name());
      }
    }
    Eltwise activation = null;
    if (next != null && next.layer() instanceof Activation behind && !(behind instanceof Linear)) {
      Eltwise eltwise = Eltwise.of(behind);
      // The backward pass has the output only.
      if (eltwise.fromOutput() || !graph.training()) {
        activation = eltwise;
        absorbed.add(next.name());
      }
    }
    return new Fusion(norm, addend, activation, List.copyOf(absorbed));
  }

  /** The other of two inputs, if it is there already and has the dimensions of the sum. */
  private static Tensor otherInput(GraphCompiler graph, LayerNode sum, String known) {
    List<String> inputs = sum.inputs();
    if (inputs.size() != 2) {
      return null;
    }
    Tensor other = graph.tensor(inputs.get(0).equals(known) ? inputs.get(1) : inputs.get(0));
    int dimensions = graph.shape(sum).isSpatial() ? 4 : 2;
    return other != null && other.value().desc().get_ndims() == dimensions ? other : null;
  }

  /**
   * Attributes that do all of it behind a primitive.
   *
   * @param addendLayout of the addend, when there is one
   */
  primitive_attr attributes(Value addendValue) {
    primitive_attr attributes = Tape.attributes();
    if (addend != null || activation != null) {
      post_ops after = new post_ops();
      if (addend != null) {
        after.append_binary(dnnl.dnnl_binary_add, addendValue.desc());
      }
      if (activation != null) {
        activation.appendTo(after);
      }
      attributes.set_post_ops(after);
    }
    return attributes;
  }
}
