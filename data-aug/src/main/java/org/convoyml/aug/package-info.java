/**
 * Images: where they come from ({@code source}), how they are decoded and normalised ({@code
 * image}), how they are varied ({@code op}, {@code policy}).
 *
 * <p>Depends on {@code core-nn}; {@code spark-jobs} may depend on it, never the other way round.
 * Spark is known in {@code source} only (and in a {@code spark} package to come), OpenCV in {@code
 * image} and {@code op} only.
 */
package org.convoyml.aug;
