/**
 * How the driver works: {@link org.convoyml.spark.driver.Supervised}, so that it can be interrupted
 * at any moment and does not wait for ever for executors that are gone. Depends on Spark, and of
 * Convoy on core-nn's exception and data-aug's {@code Failures} only.
 */
package org.convoyml.spark.driver;
