package org.convoyml.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.convoyml.aug.image.ImagePipeline;

/** Convoy's image pipeline on one thread. Arguments: folder of pictures, {@link PipelineCase}. */
final class PipelineContestant {
  private static final int WARM_UP = 3000;

  private PipelineContestant() {}

  public static void main(String[] words) throws IOException {
    PipelineCase which = PipelineCase.valueOf(words[1]);
    List<byte[]> files = which.files(Path.of(words[0]));
    float[] batch = new float[which.preprocessing().shape().elements()];
    Contestant contestant = new Contestant();
    try (ImagePipeline pipeline = new ImagePipeline(which.preprocessing(), which.policy())) {
      Contestant.Step step = new Pass(pipeline, files, batch);
      for (int images = 0; images < WARM_UP; images += files.size()) {
        step.run();
      }
      contestant.serve(step);
    }
  }

  /** All files once; the next epoch each time. */
  static final class Pass implements Contestant.Step {
    private final ImagePipeline pipeline;
    private final List<byte[]> files;
    private final float[] batch;
    private long epoch;

    Pass(ImagePipeline pipeline, List<byte[]> files, float[] batch) {
      this.pipeline = pipeline;
      this.files = files;
      this.batch = batch;
    }

    @Override
    public void run() {
      for (int id = 0; id < files.size(); id++) {
        pipeline.apply(id, "picture", files.get(id), 1, epoch, batch, 0);
      }
      epoch++;
    }
  }
}
