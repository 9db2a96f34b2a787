/**
 * Augmentation as a stage of Spark ML's pipelines. May use Spark, and the images, operations and
 * policies of this module.
 */
package org.convoyml.aug.spark;
