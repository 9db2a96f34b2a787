/**
 * The state of a training between rounds, on a Hadoop file system. Depends on {@code model} for
 * files and on {@code nn}.
 */
package org.convoyml.spark.checkpoint;
