/**
 * Evaluation of a model on the cluster, as an ordinary Spark job. Depends on {@code data}, {@code
 * model} and {@code collective}'s totals.
 */
package org.convoyml.spark.eval;
