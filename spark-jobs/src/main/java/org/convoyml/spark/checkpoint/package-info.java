/**
 * What a training leaves at the end of every round, on a Hadoop file system: files with the state's
 * vectors, written by workers, and a manifest, written last by the driver. Depends on {@code model}
 * for files and on {@code nn}; knows nothing of Spark.
 */
package org.convoyml.spark.checkpoint;
