/**
 * How a network is computed: the {@link org.convoyml.nn.engine.Engine} service and what passes
 * through it. Engines live in packages below and are found with {@link java.util.ServiceLoader};
 * nothing else may depend on those packages.
 */
package org.convoyml.nn.engine;
