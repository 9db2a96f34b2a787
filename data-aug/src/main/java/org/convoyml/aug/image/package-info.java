/**
 * From encoded bytes to the floats that a network reads: decode, augment, normalise. May use
 * OpenCV, {@code aug.format}, {@code aug.op} and {@code aug.policy}; knows nothing of Spark.
 */
package org.convoyml.aug.image;
