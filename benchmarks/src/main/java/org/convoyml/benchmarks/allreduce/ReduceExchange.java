package org.convoyml.benchmarks.allreduce;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;

/** A whole all-reduce of a vector: reduce-scatter, then all-gather. */
final class ReduceExchange implements Exchange {
  private final GroupMember group;
  private final List<Subtree> mine;
  private final float[] sum;
  private long step;

  ReduceExchange(int member, int length, boolean encrypted, IntFunction<int[]> meet) {
    group = new GroupMember(member, 2, length, encrypted, meet);
    float[] gradient = new float[length];
    Arrays.fill(gradient, 1e-3f);
    mine = List.of(new Subtree(member, 1, gradient, Totals.NONE));
    sum = new float[length];
  }

  @Override
  public void run() {
    group.all().reduceScatter(step, mine, sum);
    group.all().allGather(step, sum);
    step++;
  }

  @Override
  public void close() {
    group.close();
  }
}
