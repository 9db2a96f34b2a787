/**
 * Deeplearning4j behind Convoy's {@link org.convoyml.nn.engine.Engine}: {@code --engine dl4j}.
 * Found with {@link java.util.ServiceLoader}; nothing else may depend on it.
 */
package org.convoyml.dl4j.engine;
