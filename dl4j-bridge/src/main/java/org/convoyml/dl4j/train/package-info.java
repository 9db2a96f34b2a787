/**
 * {@code --trainer dl4j-spark}: the same job run wholly by {@code dl4j-spark}, from the same images
 * and the same augmentation, to compare with. Found with {@link java.util.ServiceLoader}; nothing
 * else may depend on it.
 */
package org.convoyml.dl4j.train;
