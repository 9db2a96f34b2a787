/**
 * Which operations are applied to an image, and how a user writes that down. Depends on {@code
 * aug.op}; knows nothing of OpenCV's types and nothing of Spark.
 */
package org.convoyml.aug.policy;
