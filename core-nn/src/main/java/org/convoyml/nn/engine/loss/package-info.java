/**
 * The losses of a network's outputs, in double precision and for every engine the same: outputs are
 * few numbers. Depends on {@code engine} and {@code spec}; only engines may depend on it.
 */
package org.convoyml.nn.engine.loss;
