package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long IMAGES = 10;
  private static final long FINGERPRINT = 0x5EEDL;

  @Test
  void itBalancesIfEveryImageCameOnce() {
    assertThat(balances(new Ledger(10, 0, 0, FINGERPRINT))).isTrue();
    assertThat(balances(new Ledger(7, 3, 0, FINGERPRINT))).as("some are corrupt").isTrue();
    assertThat(Ledger.EMPTY.balances(0, 0)).isTrue();
  }

  @Test
  void itDoesNotBalanceIfOneIsMissing() {
    Ledger ledger = new Ledger(7, 2, 0, FINGERPRINT);
    assertThat(ledger.missing(IMAGES)).isEqualTo(1);
    assertThat(balances(ledger)).isFalse();
  }

  @Test
  void itDoesNotBalanceIfOneCameTwice() {
    Ledger ledger = new Ledger(10, 0, 1, FINGERPRINT);
    assertThat(ledger.missing(IMAGES)).isZero();
    assertThat(balances(ledger)).isFalse();
  }

  /** Then as many came as there are. */
  @Test
  void aDuplicateDoesNotMakeUpForAMissingOne() {
    Ledger ledger = new Ledger(9, 0, 1, FINGERPRINT);
    assertThat(ledger.missing(IMAGES)).isEqualTo(1);
    assertThat(balances(ledger)).isFalse();
  }

  @Test
  void itDoesNotBalanceIfAsManyOthersCame() {
    Ledger ledger = new Ledger(10, 0, 0, FINGERPRINT + 1);
    assertThat(ledger.missing(IMAGES)).isZero();
    assertThat(balances(ledger)).isFalse();
  }

  @Test
  void partsAddUpInAnyOrder() {
    Ledger one = new Ledger(4, 1, 0, Long.MAX_VALUE);
    Ledger other = new Ledger(3, 2, 1, 2);
    assertThat(one.plus(other)).isEqualTo(new Ledger(7, 3, 1, Long.MIN_VALUE + 1));
    assertThat(other.plus(one)).isEqualTo(one.plus(other));
    assertThat(one.plus(Ledger.EMPTY)).isEqualTo(one);
  }

  private static boolean balances(Ledger ledger) {
    return ledger.balances(IMAGES, FINGERPRINT);
  }
}
