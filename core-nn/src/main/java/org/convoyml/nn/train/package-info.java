/**
 * How parameters start and change: initialisation, optimizers, learning-rate schedules. Everything
 * acts on ranges of the flat vector, so that a worker can own a part of it. Depends on {@code spec}
 * and {@code random} only.
 */
package org.convoyml.nn.train;
