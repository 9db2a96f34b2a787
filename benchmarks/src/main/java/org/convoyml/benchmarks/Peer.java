package org.convoyml.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.convoyml.nn.engine.CompileOptions.Precision;

/**
 * Who is compared in the table of peers, and what its process needs. Deeplearning4j 1.0.0-M2 cannot
 * load its oneDNN helpers; it is measured as it is, and repaired by a class that it misses.
 */
enum Peer {
  CONVOY_F32("Convoy f32", ConvoyContestant.class.getName()),
  CONVOY_BF16("Convoy bf16", ConvoyContestant.class.getName()),
  CONVOY_SPARK("Convoy f32 on Spark", Peer.PEERS + "ConvoySparkContestant"),
  LIBTORCH("libtorch", Peer.PEERS + "LibtorchContestant"),
  DJL("DJL", Peer.PEERS + "DjlContestant"),
  DL4J_ONEDNN("DL4J local, repaired", Peer.PEERS + "Dl4jContestant"),
  DL4J_SPARK_ONEDNN("dl4j-spark, repaired", Peer.PEERS + "Dl4jSparkContestant"),
  DL4J("DL4J local", Peer.PEERS + "Dl4jContestant"),
  DL4J_SPARK("dl4j-spark", Peer.PEERS + "Dl4jSparkContestant");

  private static final String PEERS = "org.convoyml.benchmarks.peers.";

  /** The property with the class path of Spark, Convoy and Deeplearning4j; from bench.sh. */
  private static final String SPARK_CLASS_PATH = "benchmarks.spark.classpath";

  /** The property with what Spark needs of a JVM; from bench.sh. */
  private static final String SPARK_OPTIONS = "benchmarks.spark.options";

  private static final String QUIET = "-Dlog4j2.configurationFile=scripts/log/quiet.properties";

  private final String title;
  private final String mainClass;

  Peer(String title, String mainClass) {
    this.title = title;
    this.mainClass = mainClass;
  }

  /** As in the table. */
  String title() {
    return title;
  }

  String mainClass() {
    return mainClass;
  }

  /** Whether it does what its name says on this processor: bf16 is emulated on some, or f32. */
  boolean runsHere() {
    int bf16 = dnnl.dnnl_cpu_isa_avx512_core_bf16;
    return this != CONVOY_BF16 || (dnnl.dnnl_get_effective_cpu_isa() & bf16) == bf16;
  }

  /** What it computes in a contest. */
  Contest of(Contest contest) {
    return this == CONVOY_BF16 ? contest.withPrecision(Precision.BF16) : contest;
  }

  String classPath() {
    return switch (this) {
      case CONVOY_SPARK, DL4J, DL4J_ONEDNN, DL4J_SPARK, DL4J_SPARK_ONEDNN ->
          System.getProperty(SPARK_CLASS_PATH);
      case CONVOY_F32, CONVOY_BF16, LIBTORCH, DJL -> System.getProperty("java.class.path");
    };
  }

  List<String> jvmOptions() {
    return switch (this) {
      case CONVOY_F32, CONVOY_BF16, LIBTORCH, DJL -> List.of("-Xmx4g");
      case DL4J -> withNativeMemory("-Xmx4g");
      case DL4J_ONEDNN -> withHelpers(DL4J);
      case DL4J_SPARK_ONEDNN -> withHelpers(DL4J_SPARK);
      case CONVOY_SPARK -> withSpark("-Xmx8g", QUIET);
      case DL4J_SPARK -> withSpark(withNativeMemory("-Xmx8g").toArray(String[]::new));
    };
  }

  private static List<String> withSpark(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(System.getProperty(SPARK_OPTIONS).split("\\s+")));
    return all;
  }

  private static List<String> withHelpers(Peer peer) {
    List<String> options = new ArrayList<>(peer.jvmOptions());
    options.add("-Dorg.eclipse.deeplearning4j.helpers.disable=false");
    return options;
  }

  /** JavaCPP would allow native memory as the heap has; VGG-16 needs more. */
  private static List<String> withNativeMemory(String heap) {
    return List.of(
        heap,
        "-Dorg.bytedeco.javacpp.maxbytes=12g",
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=20g",
        QUIET);
  }

  /** Workers on Spark have a thread each. */
  int openMpThreads(Contest contest) {
    return isOnSpark() ? 1 : contest.threads();
  }

  /** What of Convoy it is compared with: on Spark with what is on Spark. */
  Peer opposite() {
    return isOnSpark() ? CONVOY_SPARK : CONVOY_F32;
  }

  private boolean isOnSpark() {
    return this == CONVOY_SPARK || this == DL4J_SPARK || this == DL4J_SPARK_ONEDNN;
  }
}
