package org.convoyml.aug.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;

class BatchOpTest {
  private static final int CLASSES = 5;

  @Property(tries = 200)
  void mixedLabelsSumToOneAndAreWhatTheImagesAreMixedOf(
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @DoubleRange(min = 0.01, max = 100) double alpha,
      @ForAll long key) {
    for (BatchOp op : List.of(new MixUp(alpha), new CutMix(alpha))) {
      MicroBatch batch = batch(size, height, width);

      op.apply(batch, KeyedRandom.of(key));

      for (int i = 0; i < size; i++) {
        // Each image was its number everywhere; so its mean tells what it is mixed of.
        float[] target = Arrays.copyOfRange(batch.targets(), i * size, (i + 1) * size);
        double sum = 0;
        double expected = 0;
        for (int k = 0; k < size; k++) {
          assertThat(target[k]).isBetween(0f, 1f);
          sum += target[k];
          expected += target[k] * k;
        }
        int elements = batch.imageShape().elements();
        double mean = 0;
        for (int j = i * elements; j < (i + 1) * elements; j++) {
          mean += batch.images()[j] / elements;
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(mean).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void mixupMixesWithAPermutationByOneShare() {
    MicroBatch batch = batch(8, 2, 3);
    new MixUp(1).apply(batch, KeyedRandom.of(5));

    List<Integer> partners = new ArrayList<>();
    double share = Double.NaN;
    for (int i = 0; i < 8; i++) {
      for (int k = 0; k < 8; k++) {
        float target = batch.targets()[i * 8 + k];
        if (k == i && target < 1) {
          assertThat(Double.isNaN(share) || Math.abs(share - target) < 1e-6).isTrue();
          share = target;
        } else if (target > 0) {
          partners.add(k);
        }
      }
    }

    assertThat(partners).doesNotHaveDuplicates();
    assertThat(partners.size()).isGreaterThan(4);
    assertThat(share).isBetween(0.0, 1.0);
  }

  @Test
  void cutmixReplacesOneRectangleThatIsTheSameForAllImages() {
    int cut = 0;
    for (int key = 0; key < 300; key++) {
      MicroBatch batch = batch(4, 12, 10);
      new CutMix(1).apply(batch, KeyedRandom.of(key));

      boolean[] replaced = new boolean[120];
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 3 * 120; j++) {
          float value = batch.images()[i * 360 + j];
          assertThat(value).isEqualTo((int) value);
          replaced[j % 120] |= value != i;
        }
      }
      int[] box = box(replaced);
      int area = (box[1] - box[0]) * (box[3] - box[2]);
      assertThat(area).as("a full rectangle").isEqualTo(count(replaced));
      if (area > 0) {
        cut++;
        float least = 1;
        for (int i = 0; i < 4; i++) {
          least = Math.min(least, batch.targets()[i * 4 + i]);
        }
        assertThat(least).isCloseTo(1 - area / 120f, within(1e-6f));
      }
    }
    assertThat(cut).isGreaterThan(200);
  }

  @Test
  void aMicroBatchOfOneStaysAsItIs() {
    MicroBatch batch = batch(1, 3, 3);
    float[] images = batch.images().clone();

    new MixUp(1).apply(batch, KeyedRandom.of(1));
    new CutMix(1).apply(batch, KeyedRandom.of(2));

    assertThat(batch.images()).isEqualTo(images);
    assertThat(batch.targets()).containsExactly(1);
  }

  @Test
  void whatIsBehindTheLastExampleIsNotTouched() {
    MicroBatch batch = new MicroBatch(Shape.of(1, 2, 2), 5, 2);
    Arrays.fill(batch.images(), 7);
    Arrays.fill(batch.targets(), 7);
    for (int i = 0; i < 3; i++) {
      int offset = batch.add(i % 2);
      Arrays.fill(batch.images(), offset, offset + 4, i);
    }
    BatchAugmenter.oneHotTargets(batch);

    new MixUp(1).apply(batch, KeyedRandom.of(1));

    assertThat(Arrays.copyOfRange(batch.images(), 12, 20)).containsOnly(7);
    assertThat(Arrays.copyOfRange(batch.targets(), 6, 10)).containsOnly(7);
  }

  @Test
  void theKeyIsSeedEpochStepAndLane() {
    BatchAugmenter augmenter = new BatchAugmenter(List.of(new MixUp(1), new CutMix(1)));
    float[] first = mixed(augmenter, 1, 2, 3, 4);

    assertThat(mixed(augmenter, 1, 2, 3, 4)).isEqualTo(first);
    assertThat(mixed(augmenter, 0, 2, 3, 4)).isNotEqualTo(first);
    assertThat(mixed(augmenter, 1, 0, 3, 4)).isNotEqualTo(first);
    assertThat(mixed(augmenter, 1, 2, 0, 4)).isNotEqualTo(first);
    assertThat(mixed(augmenter, 1, 2, 3, 0)).isNotEqualTo(first);
  }

  @Test
  void aProbabilityLeavesTheOthersAsTheyAre() {
    BatchOp sometimes = new SometimesBatch(new MixUp(1), 0.3);
    int changed = 0;
    for (int key = 0; key < 1000; key++) {
      MicroBatch batch = batch(6, 1, 1);
      float[] before = batch.images().clone();
      sometimes.apply(batch, KeyedRandom.of(key));
      changed += Arrays.equals(before, batch.images()) ? 0 : 1;
    }
    // Four deviations; one permutation in 720 is none.
    assertThat(changed).isBetween(300 - 60, 300 + 60);
  }

  @Test
  void aMicroBatchWithoutTargetsIsRefused() {
    MicroBatch batch = new MicroBatch(Shape.of(1, 2, 2), 2);
    batch.add(0);

    assertThatThrownBy(() -> new CutMix(1).apply(batch, KeyedRandom.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mixing needs a micro-batch with targets");
  }

  @Test
  void labelsBecomeTargets() {
    MicroBatch batch = new MicroBatch(Shape.of(1, 1, 1), 3, CLASSES);
    batch.add(4);
    batch.add(0);

    BatchAugmenter.oneHotTargets(batch);

    assertThat(Arrays.copyOf(batch.targets(), 10)).containsExactly(0, 0, 0, 0, 1, 1, 0, 0, 0, 0);
    batch.add(CLASSES);
    assertThatThrownBy(() -> BatchAugmenter.oneHotTargets(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label must be 0 to 4, got 5");
  }

  private static float[] mixed(
      BatchAugmenter augmenter, long seed, long epoch, long step, long lane) {
    MicroBatch batch = batch(7, 5, 5);
    augmenter.apply(batch, seed, epoch, step, lane);
    return batch.images();
  }

  /**
   * Three channels; image {@code i} is {@code i} everywhere, and the only one of class {@code i}.
   */
  private static MicroBatch batch(int size, int height, int width) {
    MicroBatch batch = new MicroBatch(Shape.of(3, height, width), size, size);
    for (int i = 0; i < size; i++) {
      int offset = batch.add(i);
      Arrays.fill(batch.images(), offset, offset + 3 * height * width, i);
    }
    BatchAugmenter.oneHotTargets(batch);
    return batch;
  }

  /** Top, bottom, left, right of what is set in 12 rows of 10; all 0 if nothing is. */
  private static int[] box(boolean[] set) {
    int[] box = {12, 0, 10, 0};
    for (int i = 0; i < set.length; i++) {
      if (set[i]) {
        box[0] = Math.min(box[0], i / 10);
        box[1] = Math.max(box[1], i / 10 + 1);
        box[2] = Math.min(box[2], i % 10);
        box[3] = Math.max(box[3], i % 10 + 1);
      }
    }
    return count(set) == 0 ? new int[4] : box;
  }

  private static int count(boolean[] set) {
    int count = 0;
    for (boolean value : set) {
      count += value ? 1 : 0;
    }
    return count;
  }
}
