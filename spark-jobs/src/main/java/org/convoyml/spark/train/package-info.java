/**
 * Training: the configuration, the plan, rounds as barrier stages, and the driver that runs them.
 * Depends on all other packages of this module but {@code dataset} and {@code cli}.
 */
package org.convoyml.spark.train;
