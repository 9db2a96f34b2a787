/**
 * A real cluster on loopback: Spark's standalone master and workers and, if wanted, HDFS, each in a
 * process of its own. Integration tests start one in their JVM; {@code scripts/test-cluster.sh}
 * starts one that stays.
 */
package org.convoyml.spark.cluster;
