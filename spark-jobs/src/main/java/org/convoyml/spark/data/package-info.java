/**
 * From a table of encoded images to micro-batches: numbering, the plan of batches and lanes, the
 * shuffle that deals images to workers in order, and the lazy transformation that decodes and
 * augments them there. Depends on {@code driver}, {@code data-aug} and {@code nn}.
 */
package org.convoyml.spark.data;
