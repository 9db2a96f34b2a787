package org.convoyml.nn.spec;

/**
 * One case for every kind of layer. Whoever distinguishes layers implements this, so that a new
 * layer does not compile until everyone has said what to do with it (Java 17 has no exhaustive
 * switch over sealed types yet).
 *
 * @param <R> what a case gives
 */
public interface LayerVisitor<R> {
  R visit(Add layer);

  R visit(AveragePool2d layer);

  R visit(BatchNorm layer);

  R visit(Concat layer);

  R visit(Conv2d layer);

  R visit(Dense layer);

  R visit(Dropout layer);

  R visit(Elu layer);

  R visit(Flatten layer);

  R visit(Gelu layer);

  R visit(GlobalAveragePool layer);

  R visit(GlobalMaxPool layer);

  R visit(HardSwish layer);

  R visit(LeakyRelu layer);

  R visit(Linear layer);

  R visit(LocalResponseNorm layer);

  R visit(MaxPool2d layer);

  R visit(PadShortcut layer);

  R visit(Relu layer);

  R visit(Relu6 layer);

  R visit(Sigmoid layer);

  R visit(Silu layer);

  R visit(Softmax layer);

  R visit(Tanh layer);
}
