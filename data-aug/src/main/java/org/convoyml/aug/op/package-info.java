/**
 * Operations that vary an image, as values: pure functions of the image and a keyed random source.
 * May use OpenCV and {@code nn.random}; knows neither policies nor decoding nor Spark.
 */
package org.convoyml.aug.op;
