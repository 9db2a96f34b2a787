/**
 * The network: what it is ({@code spec}, {@code zoo}), how it is computed ({@code engine}), how its
 * parameters change ({@code train}), how well it does ({@code metrics}) and how it is kept ({@code
 * io}).
 *
 * <p>This module knows nothing of Spark and nothing of images: its input is a micro-batch of float
 * tensors. Everything above it ({@code data-aug}, {@code spark-jobs}) may depend on it; it depends
 * on none of them.
 */
package org.convoyml.nn;
