package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives every planned tensor an offset in one buffer, so that tensors which live at the same time
 * do not overlap. Largest first, each at the lowest free offset.
 *
 * @param bytes length of the buffer
 * @param peakLiveBytes the most bytes that live at one instruction: no plan can be smaller
 * @see <a href="https://arxiv.org/abs/2001.03288">Pisarchyk and Lee, Efficient memory management
 *     for deep neural net inference</a>
 */
record BufferPlan(long bytes, long peakLiveBytes) {
  private static final long ALIGNMENT = 64;

  static BufferPlan place(List<Value> values, int instructions) {
    List<Value> bySize = new ArrayList<>(values);
    // Stable: equal sizes keep their order of birth, so a plan depends on nothing but the network.
    bySize.sort(Comparator.comparingLong(Value::bytes).reversed());
    List<Value> byOffset = new ArrayList<>();
    long end = 0;
    for (Value value : bySize) {
      long offset = 0;
      for (Value placed : byOffset) {
        if (livesWith(value, placed)) {
          if (placed.offset() - offset >= value.bytes()) {
            break;
          }
          offset = Math.max(offset, aligned(placed.offset() + placed.bytes()));
        }
      }
      value.placeAt(offset);
      int position = 0;
      while (position < byOffset.size() && byOffset.get(position).offset() <= offset) {
        position++;
      }
      byOffset.add(position, value);
      end = Math.max(end, offset + value.bytes());
    }
    return new BufferPlan(end, peakLive(values, instructions));
  }

  private static boolean livesWith(Value a, Value b) {
    return a.firstUse() <= b.lastUse() && b.firstUse() <= a.lastUse();
  }

  private static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static long peakLive(List<Value> values, int instructions) {
    long[] change = new long[instructions + 1];
    for (Value value : values) {
      change[value.firstUse()] += value.bytes();
      change[value.lastUse() + 1] -= value.bytes();
    }
    long live = 0;
    long peak = 0;
    for (long delta : change) {
      live += delta;
      peak = Math.max(peak, live);
    }
    return peak;
  }
}
