/**
 * Where images come from: files of several kinds, and tables, as one lazy Spark table of encoded
 * images. The only place in this module, besides {@code aug.spark} to come, that knows Spark; it
 * knows neither OpenCV nor augmentation. It depends on {@code nn} for its exception and keyed
 * random numbers, and on {@code aug.image} for what stands in the place of an unreadable image.
 */
package org.convoyml.aug.source;
