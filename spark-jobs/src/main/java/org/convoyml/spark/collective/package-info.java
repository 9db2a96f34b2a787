/**
 * How workers add their gradients and share new parameters: the fixed tree over lanes, and {@link
 * org.convoyml.spark.collective.AllReduce} between the members of a group. Knows nothing of images
 * or training; depends on {@code nn} only. The trainer does not know which implementation it uses.
 */
package org.convoyml.spark.collective;
