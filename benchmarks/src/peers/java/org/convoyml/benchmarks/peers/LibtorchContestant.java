package org.convoyml.benchmarks.peers;

import java.io.IOException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.convoyml.benchmarks.Contestant;
import org.convoyml.benchmarks.Contest;
import org.convoyml.nn.spec.Shape;

/**
 * libtorch: whole training steps (forward, cross-entropy, backward, momentum update) in f32, or
 * eager inference; channels last, which is its best.
 */
public final class LibtorchContestant {
  private LibtorchContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    torch.set_num_threads(contest.threads());
    Contestant contestant = new Contestant();
    LibtorchNetwork network = new LibtorchNetwork(contest.spec());
    Shape shape = contest.spec().input();
    Tensor images =
        torch
            .rand(
                new long[] {contest.batch(), shape.channels(), shape.height(), shape.width()})
            .contiguous(torch.MemoryFormat.ChannelsLast);
    network.train(contest.training());
    contestant.serve(
        contest.training() ? training(network, images) : inference(network, images));
    System.exit(0); // libtorch's threads would go on
  }

  private static Contestant.Step training(LibtorchNetwork network, Tensor images) {
    SGDOptions options = new SGDOptions(1e-9);
    options.momentum().put(0.9);
    SGD optimizer = new SGD(network.parameters(), options);
    Tensor labels =
        torch.zeros(new long[] {images.size(0)}, new TensorOptions(torch.ScalarType.Long));
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        optimizer.zero_grad();
        Tensor loss = torch.cross_entropy_loss(network.forward(images), labels);
        loss.backward();
        optimizer.step();
        loss.item_float();
      }
    };
  }

  private static Contestant.Step inference(LibtorchNetwork network, Tensor images) {
    return () -> {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        network.forward(images).sum().item_float();
      }
    };
  }
}
