package org.convoyml.spark.preflight;

/**
 * What one executor says of itself.
 *
 * @param executor its id
 * @param host where it runs
 * @param slots how many tasks it runs at once
 * @param spark version of Spark and Scala
 * @param convoy version and fingerprint of Convoy's classes
 * @param processor model of the processor
 * @param engine library, version and instruction set of the engine; empty if it does not run
 * @param maxHeap that the JVM may take, in bytes
 * @param machineMemory of the machine or container, in bytes
 * @param findings of what it tried
 */
public record ExecutorReport(
    String executor,
    String host,
    int slots,
    String spark,
    String convoy,
    String processor,
    String engine,
    long maxHeap,
    long machineMemory,
    Finding[] findings) {
  /** For messages. */
  String name() {
    return "executor %s (%s)".formatted(executor, host);
  }
}
