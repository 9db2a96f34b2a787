package org.convoyml.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.convoyml.spark.preflight.Finding.Outcome;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static SparkConf conf(Map<String, String> settings) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.serializer", KryoSerializer.class.getName())
            .set("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName());
    settings.forEach(conf::set);
    return conf;
  }

  private static Finding badOne(Map<String, String> settings) {
    return Settings.check(conf(settings)).stream()
        .filter(finding -> finding.outcome() != Outcome.OK)
        .reduce(
            (first, second) -> {
              throw new AssertionError("more than one: " + first + second);
            })
        .orElseThrow();
  }

  @Test
  void whatConvoySetsIsRight() {
    assertThat(Settings.check(conf(Map.of())))
        .allMatch(finding -> finding.outcome() == Outcome.OK)
        .extracting(Finding::check)
        .containsExactly("spark", "allocation", "network", "serializer");
  }

  @Test
  void anotherSparkOrScalaIsRefused() {
    assertThat(Settings.version("3.5.1", "2.12.18").isFailure()).isFalse();
    assertThat(Settings.version("4.0.0", "2.13.16").message())
        .isEqualTo(
            "driver: expected Spark 3.5 for Scala 2.12, found Spark 4.0.0, Scala 2.13.16; set"
                + " SPARK_HOME to a Spark 3.5 for Scala 2.12, or leave it unset for the embedded"
                + " one");
    assertThat(Settings.version("3.5.5", "2.13.8").isFailure()).isTrue();
  }

  @Test
  void dynamicAllocationIsRefusedAndWhatToSetIsSaid() {
    Finding finding = badOne(Map.of("spark.dynamicAllocation.enabled", "true"));
    assertThat(finding.isFailure()).isTrue();
    assertThat(finding.message())
        .isEqualTo(
            "spark.dynamicAllocation.enabled is true: Spark runs no barrier stage under dynamic"
                + " allocation; set spark.dynamicAllocation.enabled=false and"
                + " spark.executor.instances");
  }

  @Test
  void aCipherThatBreaksIsRefused() {
    Map<String, String> encrypted =
        Map.of("spark.authenticate", "true", "spark.network.crypto.enabled", "true");
    assertThat(Settings.check(conf(encrypted)))
        .anySatisfy(
            finding -> assertThat(finding.text()).contains("encrypted with AES/CTR/NoPadding"));
    Finding finding =
        badOne(
            Map.of(
                "spark.authenticate", "true",
                "spark.network.crypto.enabled", "true",
                "spark.network.crypto.cipher", "AES/GCM/NoPadding"));
    assertThat(finding.isFailure()).isTrue();
    assertThat(finding.message())
        .startsWith("spark.network.crypto.cipher: AES/GCM/NoPadding breaks")
        .contains("set AES/CTR/NoPadding; correct it in --conf before the command");
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    assertThat(badOne(Map.of("spark.convoy.port", "70000")).message())
        .isEqualTo(
            "spark.convoy.port: expected a port, got 70000: set 1 to 65535, or 0 for any; correct"
                + " it in --conf before the command, or in spark-defaults.conf");
    assertThat(badOne(Map.of("spark.convoy.port", "any")).message())
        .startsWith("spark.convoy.port: expected a port, got 'any': set 1 to 65535, or 0 for any;");
  }

  @Test
  void aFailureNeedsAFix() {
    assertThatThrownBy(() -> Finding.failed("network", "no port", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("network: expected what to do about: no port");
  }

  @Test
  void anotherSerializerIsWarnedOf() {
    Finding finding = badOne(Map.of("spark.kryo.registrator", "other"));
    assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
    assertThat(finding.message())
        .startsWith("expected Kryo with Convoy's registrator, found ")
        .endsWith(
            "spark.kryo.registrator=org.convoyml.spark.ConvoyKryoRegistrator, as scripts/convoy"
                + " does");
  }
}
