/**
 * Evaluation of a model on the cluster, as an ordinary Spark job. Depends on {@code driver}, {@code
 * data} and {@code model}.
 */
package org.convoyml.spark.eval;
