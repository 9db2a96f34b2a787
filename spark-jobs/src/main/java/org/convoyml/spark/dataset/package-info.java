/**
 * Packs any data set into Parquet files that are read fast and by many tasks. Depends on {@code
 * driver}, {@code data}, {@code model} for directories that appear whole, and {@code data-aug}.
 */
package org.convoyml.spark.dataset;
