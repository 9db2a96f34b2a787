/**
 * Which operations are applied to an image and to a micro-batch, and how a user writes that down.
 * Depends on {@code aug.op} and {@code aug.batch}; knows nothing of OpenCV's types and nothing of
 * Spark.
 */
package org.convoyml.aug.policy;
