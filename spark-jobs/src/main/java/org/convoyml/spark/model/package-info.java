/**
 * A trained model on any Hadoop file system: a directory that appears whole or not at all. Depends
 * on {@code data-aug} and {@code nn}, and on Spark only for its Hadoop configuration.
 */
package org.convoyml.spark.model;
