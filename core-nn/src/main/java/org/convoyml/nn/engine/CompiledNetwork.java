package org.convoyml.nn.engine;

import java.util.Optional;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;

/**
 * A network compiled for up to a given batch size; smaller sizes are compiled on demand and share
 * its buffers. It owns native memory: close it. It belongs to the one thread that compiled it.
 *
 * <p>A step is a pure function of the vector loaded last and the micro-batch. It changes no
 * parameter and no running statistic: those of batch norm come out as slices of the gradient.
 */
public interface CompiledNetwork extends AutoCloseable {
  NetworkSpec network();

  /** Names, shapes and offsets in the flat vector; canonical OIHW / NCHW f32. */
  ParameterLayout layout();

  /**
   * Takes new parameters and running statistics.
   *
   * @param vector of {@code layout().size()} elements; copied
   */
  void load(float[] vector);

  /**
   * Forward, loss and backward for one micro-batch in training mode.
   *
   * @param batch 1 to {@code maxBatchSize} examples
   * @param gradient overwritten with the gradient of the loss <em>summed</em> over the micro-batch
   *     and its outputs; where the layout has a running statistic, with the micro-batch's statistic
   *     (mean, unbiased variance; the biased one where there is only one element) times the number
   *     of examples; where the layout has a frozen slice, zero
   * @param ready told which range of {@code gradient} is final, from the last layer backwards
   * @return the step's figures; the same object every time, valid until the next step
   * @throws IllegalStateException if compiled for inference, or nothing was loaded
   */
  StepResult step(MicroBatch batch, float[] gradient, GradientListener ready);

  /**
   * Forward in inference mode (batch norm uses the running statistics).
   *
   * @param into receives every output's values; see {@link Outputs}
   */
  void infer(MicroBatch batch, Outputs into);

  /**
   * Looks for the reason of a loss that is not finite: computes the micro-batch forward in training
   * mode, and returns the first layer with an output that is NaN or infinite, or empty if there is
   * none. Slow, and may allocate.
   *
   * @throws IllegalStateException if compiled for inference, or nothing was loaded
   */
  Optional<String> firstNonFiniteLayer(MicroBatch batch);

  /** Native memory, known at compile time. */
  MemoryPlan memoryPlan();

  /** Releases native memory; calling it again does nothing. */
  @Override
  void close();
}
