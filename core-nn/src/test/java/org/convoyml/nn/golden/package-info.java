/**
 * Golden files: numbers that PyTorch computed, made by the scripts in {@code scripts/oracle}. Both
 * sides make their inputs by one counter formula, so that a file holds results only, and of these a
 * norm and some entries.
 */
package org.convoyml.nn.golden;
