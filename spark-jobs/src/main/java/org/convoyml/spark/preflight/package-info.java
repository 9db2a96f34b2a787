/**
 * What is looked at before a training, so that it does not fail late or hang: settings of Spark,
 * and what every executor can do, in one small barrier job. {@link
 * org.convoyml.spark.preflight.Preflight} is the way in; each {@link
 * org.convoyml.spark.preflight.Finding} that is bad names its fix. Depends on {@code driver},
 * {@code collective}, {@code model}, data-aug and core-nn.
 */
package org.convoyml.spark.preflight;
