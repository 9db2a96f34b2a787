/**
 * How well a classifier does: counts that can be merged in any order and grouping, so that parts
 * counted on different machines add up to the same figures. Depends on nothing.
 */
package org.convoyml.nn.metrics;
