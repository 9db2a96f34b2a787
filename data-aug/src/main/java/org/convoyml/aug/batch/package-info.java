/**
 * Operations that mix the images of an assembled micro-batch and their soft labels: pure functions
 * of the micro-batch and a keyed random source, in plain Java. Depends on {@code nn.engine} and
 * {@code nn.random}; knows neither policies nor OpenCV nor Spark.
 */
package org.convoyml.aug.batch;
