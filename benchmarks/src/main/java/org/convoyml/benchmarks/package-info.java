/** Measurements with JMH. May depend on everything; nothing may depend on it. */
package org.convoyml.benchmarks;
