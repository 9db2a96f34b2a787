package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.convoyml.spark.collective.Blocks;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private static Slices slices(int members, int length, int chunk) {
    return new Slices(new Membership("group", 0, members, length, "lane 0"), chunk);
  }

  @Test
  void chunksCoverASliceFromItsEndToItsBeginning() {
    for (int length : new int[] {1, Blocks.SIZE, 5 * Blocks.SIZE + 7}) {
      Slices slices = slices(3, length, 1_000);
      int end = 0;
      for (int member = 0; member < 3; member++) {
        assertThat(slices.from(member)).isEqualTo(end);
        end = slices.to(member);
        int next = end;
        for (int number = 0; number < slices.chunks(member); number++) {
          int first = slices.first(member, number);
          assertThat(first + slices.count(member, number)).isEqualTo(next);
          assertThat(slices.count(member, number)).isBetween(1, slices.largest(member));
          assertThat(slices.numberOf(member, first)).isEqualTo(number);
          assertThat(slices.numberOf(member, first + 1)).isEqualTo(-1);
          next = first;
        }
        assertThat(next).isEqualTo(slices.from(member));
        assertThat(slices.numberOf(member, end)).isEqualTo(-1);
        assertThat(slices.numberOf(member, slices.from(member) - 1)).isEqualTo(-1);
      }
      assertThat(end).isEqualTo(length);
    }
  }

  @Test
  void aRangeIsKnownToHoldTheBeginningOfAChunk() {
    Slices slices = slices(2, 2 * Blocks.SIZE, 10_000);
    assertThat(slices.anyBeginsIn(0, 1)).isTrue();
    assertThat(slices.anyBeginsIn(1, 10_000)).isFalse();
    assertThat(slices.anyBeginsIn(1, 10_001)).isTrue();
    assertThat(slices.anyBeginsIn(10_001, Blocks.SIZE)).isFalse();
    assertThat(slices.anyBeginsIn(Blocks.SIZE, Blocks.SIZE)).isFalse();
    assertThat(slices.anyBeginsIn(Blocks.SIZE, Blocks.SIZE + 1)).isTrue();
    assertThat(slices.anyBeginsIn(30_000, 2 * Blocks.SIZE)).isFalse();
  }

  /** LeNet, ResNet-50, VGG-16, and the largest vector there can be. */
  @Test
  void chunksAreNeitherTooSmallNorTooLarge() {
    assertThat(Slices.chunkOf(new Membership("group", 0, 2, 431_080, ""))).isEqualTo(1 << 18);
    assertThat(Slices.chunkOf(new Membership("group", 0, 8, 25_610_152, "")))
        .isEqualTo(25 * Blocks.SIZE);
    assertThat(Slices.chunkOf(new Membership("group", 0, 2, 138_357_544, ""))).isEqualTo(1 << 20);
    Slices largest = slices(2, Integer.MAX_VALUE, 1 << 20);
    assertThat(largest.chunks(0) + largest.chunks(1)).isEqualTo(2048);
    assertThat(largest.first(1, 0) + largest.count(1, 0)).isEqualTo(Integer.MAX_VALUE);
    assertThat(largest.numberOf(1, largest.first(1, 0))).isZero();
  }
}
