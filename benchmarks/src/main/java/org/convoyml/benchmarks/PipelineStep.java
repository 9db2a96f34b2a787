package org.convoyml.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.image.ImageDecoder;
import org.convoyml.aug.image.ImagePipeline;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Images per second from a file's bytes into the batch, beside decoding alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PipelineStep {
  @Param("benchmarks/target/pictures")
  private String pictures;

  @Param({"CIFAR", "PHOTO", "PHOTO_HUE", "LARGE", "LARGE_HUE", "LARGE_FINE"})
  private PipelineCase which;

  private List<byte[]> files;
  private float[] batch;
  private ImagePipeline pipeline;
  private ImageDecoder decoder;
  private int next;
  private long epoch;

  @Setup(Level.Trial)
  public void open() throws IOException {
    files = which.files(Path.of(pictures));
    batch = new float[which.preprocessing().shape().elements()];
    pipeline = new ImagePipeline(which.preprocessing(), which.policy());
    decoder = new ImageDecoder(3);
  }

  @TearDown(Level.Trial)
  public void close() {
    pipeline.close();
    decoder.close();
  }

  @Benchmark
  public float[] wholePipeline() {
    byte[] file = file();
    pipeline.apply(next, "picture", file, 1, epoch, batch, 0);
    return batch;
  }

  @Benchmark
  public Mat decodingAlone() {
    return decoder.decode("picture", file());
  }

  private byte[] file() {
    if (++next == files.size()) {
      next = 0;
      epoch++;
    }
    return files.get(next);
  }
}
