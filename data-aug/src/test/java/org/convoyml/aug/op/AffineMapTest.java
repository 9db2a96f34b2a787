package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AffineMapTest {
  @Test
  void rotatesAnticlockwiseAsSeen() {
    // What is to the right of the centre goes above it, where y is smaller.
    assertMaps(AffineMap.rotation(90, 10, 20), 13, 20, 10, 17);
  }

  @Test
  void theCentreStays() {
    assertMaps(AffineMap.rotation(33, 13.5, 13.5), 13.5, 13.5, 13.5, 13.5);
  }

  @Test
  void thenAppliesTheFirstMapFirst() {
    AffineMap turnAndShift = AffineMap.rotation(90, 0, 0).then(AffineMap.translation(5, 7));
    AffineMap shiftAndTurn = AffineMap.translation(5, 7).then(AffineMap.rotation(90, 0, 0));

    assertMaps(turnAndShift, 1, 0, 5, 6);
    assertMaps(shiftAndTurn, 1, 0, 7, -6);
  }

  @Test
  void thereAndBackIsAlmostTheIdentity() {
    AffineMap map = AffineMap.rotation(40, 3, 4).then(AffineMap.rotation(-40, 3, 4));

    assertMaps(map, 17, 23, 17, 23);
    assertThat(AffineMap.IDENTITY.isIdentity()).isTrue();
    assertThat(AffineMap.translation(0, 1e-9).isIdentity()).isFalse();
  }

  private static void assertMaps(AffineMap map, double x, double y, double toX, double toY) {
    assertThat(map.xx() * x + map.xy() * y + map.x0()).isCloseTo(toX, within(1e-12));
    assertThat(map.yx() * x + map.yy() * y + map.y0()).isCloseTo(toY, within(1e-12));
  }
}
