package org.convoyml.nn.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes of what layers put out, and what is said of inputs and settings that do not fit. */
class LayerShapeTest {
  /** Along a height of {@code input}; the width is 1 and stays so. */
  @ParameterizedTest
  @CsvSource({
    // input, kernel, stride, dilation, top, bottom, output
    "28, 5, 1, 1, 0, 0, 24",
    "7, 3, 2, 1, 0, 0, 3",
    "8, 3, 2, 1, 0, 0, 3",
    "8, 3, 2, 1, 0, 1, 4",
    "8, 3, 2, 1, 1, 1, 4",
    "9, 3, 1, 3, 0, 0, 3",
    "1, 1, 5, 1, 0, 0, 1",
    "1, 3, 1, 1, 2, 0, 1",
  })
  void convolutionsHaveTheLengthThatDumoulinAndVisinGive(
      int input, int kernel, int stride, int dilation, int top, int bottom, int output) {
    Conv2d conv =
        new Conv2d(
            2,
            new Size(kernel, 1),
            new Size(stride, 1),
            new Padding(top, 0, bottom, 0),
            new Size(dilation, 1),
            1,
            true,
            Initializer.HE_NORMAL);
    assertThat(conv.outputShape(List.of(Shape.of(1, input, 1)))).isEqualTo(Shape.of(2, output, 1));
  }

  /** PyTorch's numbers; the last column of each row is ceil mode. */
  @ParameterizedTest
  @CsvSource({
    // input, kernel, stride, top, bottom, floor, ceil
    "6, 2, 2, 0, 0, 3, 3",
    "7, 2, 2, 0, 0, 3, 4",
    "7, 3, 2, 0, 0, 3, 3",
    "8, 3, 2, 0, 0, 3, 4",
    "7, 3, 2, 1, 1, 4, 4",
    "6, 3, 2, 1, 1, 3, 4",
    "5, 2, 3, 0, 0, 2, 2",
    "7, 2, 3, 0, 0, 2, 3",
    "6, 2, 3, 0, 0, 2, 2", // a third window would start beyond the input
    "5, 2, 3, 1, 1, 2, 2", // and here in the padding behind it
  })
  void poolsCountTheirLastPartialWindowInCeilMode(
      int input, int kernel, int stride, int top, int bottom, int floor, int ceil) {
    Shape shape = Shape.of(3, input, 1);
    Size window = new Size(kernel, 1);
    Size step = new Size(stride, 1);
    Padding padding = new Padding(top, 0, bottom, 0);
    assertThat(new MaxPool2d(window, step, padding, false).outputShape(List.of(shape)))
        .isEqualTo(Shape.of(3, floor, 1));
    assertThat(new MaxPool2d(window, step, padding, true).outputShape(List.of(shape)))
        .isEqualTo(Shape.of(3, ceil, 1))
        .isEqualTo(
            new AveragePool2d(window, step, padding, true, true).outputShape(List.of(shape)));
  }

  /** Refused without ceil mode; PyTorch refuses a size of 0 with it. */
  @ParameterizedTest
  @CsvSource({
    // input, kernel, stride, top, bottom, ceil (0 for refused)
    "2, 3, 2, 0, 0, 1",
    "1, 3, 3, 0, 0, 1",
    "2, 5, 3, 1, 1, 1",
    "1, 3, 2, 0, 0, 0",
    "2, 3, 1, 0, 0, 0",
    "2, 7, 3, 1, 1, 0",
  })
  void theOnlyWindowOfAPoolMayBeLongerThanItsInputInCeilMode(
      int input, int kernel, int stride, int top, int bottom, int ceil) {
    Shape shape = Shape.of(3, input, 1);
    Size window = new Size(kernel, 1);
    Size step = new Size(stride, 1);
    Padding padding = new Padding(top, 0, bottom, 0);
    String message =
        "tested: kernel spans %d, but the padded input has only %d (input 3×%d×1)"
            .formatted(kernel, input + top + bottom, input);
    refused(new MaxPool2d(window, step, padding, false), shape, message);
    refused(new AveragePool2d(window, step, padding, false, false), shape, message);
    MaxPool2d max = new MaxPool2d(window, step, padding, true);
    AveragePool2d average = new AveragePool2d(window, step, padding, true, false);
    if (ceil == 0) {
      refused(max, shape, message);
      refused(average, shape, message);
    } else {
      assertThat(max.outputShape(List.of(shape)))
          .isEqualTo(Shape.of(3, ceil, 1))
          .isEqualTo(average.outputShape(List.of(shape)));
    }
  }

  @Test
  void whatDoesNotFitIsSaidWithTheLayersName() {
    refused(
        Conv2d.of(4, 5),
        Shape.of(3, 4, 9),
        "tested: kernel spans 5, but the padded input has only 4 (input 3×4×9)");
    refused(Conv2d.of(4, 3), Shape.of(3), "tested: expected an input C×H×W, got 3 features");
    refused(
        new Conv2d(4, Size.ONE, Size.ONE, Padding.NONE, Size.ONE, 2, true, Initializer.ONES),
        Shape.of(3, 4, 4),
        "tested: groups must divide the input channels, got 2 groups (input 3×4×4)");
    refused(
        Dense.of(4),
        Shape.of(3, 4, 4),
        "tested: expected an input of features, got 3×4×4 (put a flatten layer before it)");
    refused(
        new MaxPool2d(Size.square(2), Size.ONE, Padding.all(2), false),
        Shape.of(3, 4, 4),
        "tested: padding must be smaller than the kernel 2×2, or a window would lie in the padding"
            + " alone");
    refused(new Add(), Shape.of(3), "tested: expected at least 2 inputs, got 1");
  }

  private static void refused(LayerSpec layer, Shape input, String message, String... inputs) {
    assertThatThrownBy(() -> NetworkSpec.builder("n", input).add("tested", layer, inputs).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void sizesThatOverflowAreRefused() {
    int huge = Integer.MAX_VALUE;
    assertThatThrownBy(() -> Shape.of(huge, huge, huge)).hasMessageContaining("2^31-1");
    refused(
        Conv2d.of(1, 1).withPadding(huge),
        Shape.of(1, 2, 2),
        "tested: the padded input is 4294967296 long, more than 2^31-1 (input 1×2×2)");
    refused(
        new Conv2d(
            1,
            new Size(huge, 1),
            Size.ONE,
            Padding.SAME,
            new Size(huge, 1),
            1,
            true,
            Initializer.ONES),
        Shape.of(1, 2, 2),
        "tested: a same padding of 4611686011984936962 in all, more than 2^31-1");
    NetworkSpec wide =
        NetworkSpec.builder("n", Shape.of(1 << 16))
            .add("d", Dense.of(1 << 16))
            .classify("class")
            .build();
    assertThatThrownBy(() -> ParameterLayout.of(wide))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("d: weight has more than 2^31-1 elements");
    NetworkSpec deep =
        NetworkSpec.builder("n", Shape.of(1 << 15))
            .add("d1", Dense.of(1 << 15))
            .add("d2", Dense.of(1 << 15))
            .classify("class")
            .build();
    assertThatThrownBy(() -> ParameterLayout.of(deep))
        .hasMessage("d2: the network has more than 2^31-1 parameters");
  }

  /** TensorFlow's numbers, along a height. */
  @ParameterizedTest
  @CsvSource({
    // input, kernel, dilation, stride, before, after, output
    "5, 3, 1, 1, 1, 1, 5",
    "5, 3, 1, 2, 1, 1, 3",
    "6, 3, 1, 2, 0, 1, 3",
    "6, 2, 1, 1, 0, 1, 6",
    "7, 3, 2, 2, 2, 2, 4",
    "4, 1, 1, 2, 0, 0, 2",
    "3, 7, 1, 3, 2, 2, 1",
  })
  void sameBordersPutTheOddRowBehind(
      int input, int kernel, int dilation, int stride, int before, int after, int output) {
    Conv2d conv =
        new Conv2d(
            1,
            new Size(kernel, 1),
            new Size(stride, 1),
            Padding.SAME,
            new Size(dilation, 1),
            1,
            true,
            Initializer.HE_NORMAL);
    Shape shape = Shape.of(1, input, 1);
    assertThat(conv.border(shape)).isEqualTo(new Padding(before, 0, after, 0));
    assertThat(conv.outputShape(List.of(shape))).isEqualTo(Shape.of(1, output, 1));
  }

  @Test
  void layersThatJoinAndPickSayWhatDoesNotFit() {
    refused(new Concat(), Shape.of(3), "tested: expected at least 2 inputs, got 1");
    refused(
        new PadShortcut(2, Size.ONE),
        Shape.of(3, 4, 4),
        "tested: expected at most 2 input channels, got 3 (input 3×4×4)");
    refused(
        new GlobalAveragePool(), Shape.of(3), "tested: expected an input C×H×W, got 3 features");
    refused(
        new LocalResponseNorm(3, 1, 1, 1),
        Shape.of(3),
        "tested: expected an input C×H×W, got 3 features");
    assertThatThrownBy(
            () -> new Concat().outputShape(List.of(Shape.of(3, 4, 4), Shape.of(3, 4, 5))))
        .hasMessage("inputs may differ in channels only, got 3×4×4 and 3×4×5");
    assertThatThrownBy(() -> new Concat().outputShape(List.of(Shape.of(3), Shape.of(3, 1, 1))))
        .hasMessage("inputs may differ in channels only, got 3 and 3×1×1");
    refused(
        new Concat(),
        Shape.of(Integer.MAX_VALUE),
        "tested: more than 2^31-1 channels: 4294967294",
        NetworkSpec.INPUT,
        NetworkSpec.INPUT);
    assertThat(new Concat().outputShape(List.of(Shape.of(3, 4, 5), Shape.of(2, 4, 5))))
        .isEqualTo(Shape.of(5, 4, 5));
    assertThat(new PadShortcut(8, Size.square(2)).outputShape(List.of(Shape.of(3, 5, 4))))
        .isEqualTo(Shape.of(8, 3, 2));
    assertThat(new GlobalMaxPool().outputShape(List.of(Shape.of(3, 5, 4)))).isEqualTo(Shape.of(3));
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Dropout(1)).hasMessage("rate must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new LeakyRelu(-1)).hasMessage("slope must be in [0, 1), got -1.0");
    assertThatThrownBy(() -> new Dropout(Float.NaN)).hasMessageContaining("got NaN");
    assertThatThrownBy(() -> new Elu(0)).hasMessage("alpha must be positive and finite, got 0.0");
    assertThatThrownBy(() -> new LocalResponseNorm(3, -1, 1, 1)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> new LocalResponseNorm(3, 1, 0, 1)).hasMessageContaining("beta");
    assertThatThrownBy(() -> new LocalResponseNorm(3, 1, 1, 0)).hasMessageContaining("k must be");
    assertThatThrownBy(() -> new Padding(true, 0, 1, 0, 0))
        .hasMessage("the sides of a same padding are computed, got [0, 1, 0, 0]");
    assertThatThrownBy(() -> new LocalResponseNorm(2, 1, 1, 1))
        .hasMessage("size must be odd and positive, got 2");
    assertThatThrownBy(() -> new BatchNorm(1e-5f, 0.1f, Initializer.HE_NORMAL))
        .hasMessage("the scale starts as ones or zeros, got HE_NORMAL");
  }

  @Test
  void poolsMayHaveSameBordersToo() {
    Shape shape = Shape.of(2, 6, 5);
    Size three = Size.square(3);
    Size two = Size.square(2);
    MaxPool2d max = new MaxPool2d(three, two, Padding.SAME, false);
    AveragePool2d mean = new AveragePool2d(three, two, Padding.SAME, false, true);
    assertThat(max.outputShape(List.of(shape)))
        .isEqualTo(Shape.of(2, 3, 3))
        .isEqualTo(mean.outputShape(List.of(shape)));
    assertThat(max.border(shape)).isEqualTo(new Padding(0, 1, 1, 1)).isEqualTo(mean.border(shape));
  }
}
