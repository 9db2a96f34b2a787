/**
 * Where images come from: files of several kinds as one lazy Spark table of encoded images. The
 * only place in this module, besides {@code aug.spark} to come, that knows Spark; it knows neither
 * OpenCV nor augmentation, and depends on {@code nn} for its exception alone.
 */
package org.convoyml.aug.source;
