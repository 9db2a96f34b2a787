/**
 * All-reduce between processes on loopback: against bare socket channels, and as a share of
 * training steps. Needs spark-jobs and Spark on the classpath, the other measurements do not.
 */
package org.convoyml.benchmarks.allreduce;
