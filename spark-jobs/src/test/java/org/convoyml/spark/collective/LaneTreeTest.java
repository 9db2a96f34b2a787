package org.convoyml.spark.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneTreeTest {
  private static final int LENGTH = 50;

  @Test
  void theSumDoesNotDependOnHowLanesAreSplit() {
    for (int lanes : new int[] {1, 2, 8, 16}) {
      float[] expected = pairwiseSum(0, lanes);
      for (int workers = 1; workers <= Math.min(8, lanes); workers++) {
        List<Subtree> all = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
          all.addAll(subtrees(worker * lanes / workers, (worker + 1) * lanes / workers));
        }
        checkRoot(all, lanes, expected);
      }
    }
  }

  @Test
  void anyTwoCutsGiveTheSameSum() {
    int lanes = 16;
    float[] expected = pairwiseSum(0, lanes);
    for (int first = 1; first < lanes; first++) {
      for (int second = first + 1; second < lanes; second++) {
        List<Subtree> all = new ArrayList<>(subtrees(0, first));
        all.addAll(subtrees(first, second));
        all.addAll(subtrees(second, lanes));
        checkRoot(all, lanes, expected);
      }
    }
  }

  @Test
  void orderMattersForTheseNumbers() {
    float[] fromTheLeft = gradient(0);
    for (int lane = 1; lane < 8; lane++) {
      add(fromTheLeft, gradient(lane));
    }
    assertThat(fromTheLeft).isNotEqualTo(pairwiseSum(0, 8));
  }

  @Test
  void aBlockIsLeftAsTheFewestWholeSubtrees() {
    assertThat(subtrees(2, 5)).extracting(Subtree::firstLane).containsExactly(2, 4);
    assertThat(subtrees(1, 8)).extracting(Subtree::lanes).containsExactly(1, 2, 4);
    assertThat(subtrees(0, 7)).extracting(Subtree::lanes).containsExactly(4, 2, 1);
    assertThat(subtrees(0, 8)).extracting(Subtree::lanes).containsExactly(8);
  }

  /** As it is while the gradient of the last lane is computed, from its end. */
  @Test
  void aLaneThatComesInRangesGivesTheSameSums() {
    for (int lanes = 1; lanes <= 8; lanes++) {
      for (int first = 0; first + lanes <= 8; first++) {
        List<Subtree> expected = subtrees(first, first + lanes);
        LaneTree tree = new LaneTree(0, LENGTH);
        int last = first + lanes - 1;
        for (int lane = first; lane < last; lane++) {
          tree.add(lane, gradient(lane), new Totals(lane, 1, lane % 2));
        }
        float[] gradient = new float[LENGTH];
        tree.begin(last, gradient);
        List<Subtree> begun = tree.subtrees();
        for (int end = LENGTH; end > 0; end -= 7) {
          int from = Math.max(0, end - 7);
          System.arraycopy(gradient(last), from, gradient, from, end - from);
          tree.ready(from, end);
          for (int i = 0; i < expected.size(); i++) {
            assertThat(Arrays.copyOfRange(begun.get(i).sum(), from, end))
                .isEqualTo(Arrays.copyOfRange(expected.get(i).sum(), from, end));
          }
        }
        tree.end(new Totals(last, 1, last % 2));
        assertThat(tree.subtrees())
            .extracting(Subtree::firstLane, Subtree::lanes, Subtree::totals)
            .isEqualTo(
                expected.stream()
                    .map(each -> tuple(each.firstLane(), each.lanes(), each.totals()))
                    .toList());
        tree.clear();
        assertThat(tree.subtrees()).isEmpty();
      }
    }
  }

  @Test
  void figuresAreAddedAlong() {
    List<Subtree> root = subtrees(0, 8);
    assertThat(root.get(0).totals()).isEqualTo(new Totals(28, 8, 4));
  }

  @Test
  void fewBuffersAreHeldAndAllAreUsedAgain() {
    for (int lanes : new int[] {1, 2, 4, 8, 32}) {
      LaneTree tree = new LaneTree(0, LENGTH);
      Set<float[]> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
      for (int step = 0; step < 3; step++) {
        for (int lane = 0; lane < lanes; lane++) {
          float[] buffer = tree.buffer();
          buffers.add(buffer);
          tree.add(lane, buffer, Totals.NONE);
        }
        assertThat(tree.subtrees()).hasSize(1);
        tree.clear();
        assertThat(tree.subtrees()).isEmpty();
      }
      int log2 = Integer.numberOfTrailingZeros(lanes);
      assertThat(buffers).hasSizeLessThanOrEqualTo(log2 + 1);
    }
  }

  @Test
  void elementsOutsideTheRangeStayAsTheyCome() {
    LaneTree tree = new LaneTree(10, 20);
    for (int lane = 0; lane < 4; lane++) {
      tree.add(lane, gradient(lane), Totals.NONE);
    }
    float[] sum = tree.subtrees().get(0).sum();
    float[] whole = pairwiseSum(0, 4);
    float[] first = gradient(0);
    for (int i = 0; i < LENGTH; i++) {
      assertThat(sum[i]).isEqualTo(i >= 10 && i < 20 ? whole[i] : first[i]);
    }
  }

  @Test
  void onlyNodesOfTheTreeAreSubtrees() {
    float[] sum = {1};
    assertThat(new Subtree(4, 4, sum, Totals.NONE).lanes()).isEqualTo(4);
    assertThatIllegalArgumentException().isThrownBy(() -> new Subtree(0, 3, sum, Totals.NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Subtree(2, 4, sum, Totals.NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Subtree(-1, 1, sum, Totals.NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Subtree(0, 0, sum, Totals.NONE));
  }

  @Test
  void blocksAreWholeAndCoverTheVector() {
    for (int length : new int[] {1, Blocks.SIZE, Blocks.SIZE + 1, 431_080, Integer.MAX_VALUE}) {
      for (int members : new int[] {1, 2, 3, 5, 8, 100}) {
        assertThat(Blocks.firstOf(0, members, length)).isZero();
        assertThat(Blocks.firstOf(members, members, length)).isEqualTo(length);
        Set<Integer> sizes = new HashSet<>();
        for (int member = 0; member < members; member++) {
          int from = Blocks.firstOf(member, members, length);
          int to = Blocks.firstOf(member + 1, members, length);
          assertThat(to).isGreaterThanOrEqualTo(from);
          assertThat(to == length || to % Blocks.SIZE == 0).isTrue();
          sizes.add((to - from + Blocks.SIZE - 1) / Blocks.SIZE);
        }
        assertThat(Collections.max(sizes) - Collections.min(sizes)).isLessThanOrEqualTo(1);
      }
    }
  }

  private static void checkRoot(List<Subtree> all, int lanes, float[] expected) {
    LaneTree tree = new LaneTree(0, LENGTH);
    all.forEach(tree::add);
    assertThat(tree.subtrees()).hasSize(1);
    assertThat(tree.subtrees().get(0).lanes()).isEqualTo(lanes);
    assertThat(tree.subtrees().get(0).sum()).isEqualTo(expected);
  }

  private static List<Subtree> subtrees(int first, int end) {
    LaneTree tree = new LaneTree(0, LENGTH);
    for (int lane = first; lane < end; lane++) {
      tree.add(lane, gradient(lane), new Totals(lane, 1, lane % 2));
    }
    return tree.subtrees();
  }

  /** The definition: a node is the sum of its left and its right half. */
  private static float[] pairwiseSum(int first, int lanes) {
    if (lanes == 1) {
      return gradient(first);
    }
    float[] left = pairwiseSum(first, lanes / 2);
    add(left, pairwiseSum(first + lanes / 2, lanes / 2));
    return left;
  }

  private static void add(float[] left, float[] right) {
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
  }

  /** Of magnitudes so different that another order gives another sum. */
  static float[] gradient(int lane) {
    return gradient(lane, LENGTH);
  }

  static float[] gradient(int lane, int length) {
    float[] gradient = new float[length];
    for (int i = 0; i < length; i++) {
      gradient[i] =
          (float) (StrictMath.sin(1 + lane * 31 + i) * StrictMath.pow(10, (lane + i) % 7));
    }
    return gradient;
  }
}
