package org.convoyml.aug.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.convoyml.aug.batch.BatchOp;
import org.convoyml.aug.batch.SometimesBatch;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.Sometimes;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class PolicyRoundTripTest {
  @Property(tries = 2000)
  void aPolicyReadsBackFromItsText(
      @ForAll long key, @ForAll @IntRange(min = 0, max = 8) int length) {
    AugmentationPolicy policy = random(KeyedRandom.of(key), length);

    AugmentationPolicy read = AugmentationPolicy.parse(policy.toString());

    assertThat(read).isEqualTo(policy);
    assertThat(read).hasToString(policy.toString());
  }

  /** Nothing but a policy or one clear line comes of whatever is typed. */
  @Property(tries = 2000)
  void aDamagedTextIsReadOrRefusedWithAColumn(@ForAll long key) {
    KeyedRandom random = KeyedRandom.of(key);
    StringBuilder text = new StringBuilder(random(random, 4).toString());
    for (int i = 0; i < 3; i++) {
      int at = random.nextInt(text.length());
      String letters = "(),=.-0 zp";
      text.setCharAt(at, letters.charAt(random.nextInt(letters.length())));
    }
    try {
      AugmentationPolicy read = AugmentationPolicy.parse(text.toString());
      assertThat(AugmentationPolicy.parse(read.toString())).isEqualTo(read);
    } catch (ConvoyException e) {
      assertThat(e).hasMessageMatching("augmentation policy \".*\", column \\d+: .+");
    }
  }

  @Test
  void everyWordIsWrittenWithAllThatItNeeds() {
    for (OpSyntax syntax : OpSyntaxes.all()) {
      boolean complete =
          syntax.parameters().stream().allMatch(parameter -> parameter.byDefault().isPresent());
      if (complete) {
        assertThat(AugmentationPolicy.parse(syntax.word())).hasToString(syntax.word());
      } else {
        assertThatThrownBy(() -> AugmentationPolicy.parse(syntax.word()))
            .isInstanceOf(ConvoyException.class)
            .hasMessageContaining("expected '(' and ")
            .hasMessageContaining(syntax.usage());
      }
    }
  }

  /** A policy of random operations with random arguments, at times by default. */
  private static AugmentationPolicy random(KeyedRandom random, int length) {
    List<ImageOp> imageOps = new ArrayList<>();
    List<BatchOp> batchOps = new ArrayList<>();
    while (imageOps.size() + batchOps.size() < length) {
      OpSyntax syntax = OpSyntaxes.all().get(random.nextInt(OpSyntaxes.all().size()));
      List<Object> values =
          syntax.parameters().stream().map(parameter -> value(parameter, random)).toList();
      double probability = (Double) value(syntax.probability(), random);
      Object op;
      try {
        op = syntax.build(values);
      } catch (IllegalArgumentException e) {
        continue; // a least value above the greatest
      }
      if (op instanceof BatchOp batchOp) {
        batchOps.add(new SometimesBatch(batchOp, probability));
      } else {
        imageOps.add(new Sometimes((ImageOp) op, probability));
      }
    }
    return new AugmentationPolicy(imageOps, batchOps);
  }

  private static Object value(Parameter parameter, KeyedRandom random) {
    if (random.nextBoolean(0.3) && parameter.byDefault().isPresent()) {
      return parameter.byDefault().get();
    }
    if (parameter instanceof Parameter.Decimal decimal) {
      double value = random.uniform(decimal.range().low(), decimal.range().high());
      // Some have a few digits, as people write them, and some as many as there are.
      return random.nextBoolean(0.5) && decimal.range().contains(Math.rint(value * 10) / 10)
          ? Math.rint(value * 10) / 10
          : value;
    }
    if (parameter instanceof Parameter.Whole whole) {
      int low = (int) whole.range().low();
      return low + random.nextInt((int) whole.range().high() - low + 1);
    }
    Object[] constants = ((Parameter.Choice) parameter).type().getEnumConstants();
    return constants[random.nextInt(constants.length)];
  }
}
