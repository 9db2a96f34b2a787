/**
 * Deeplearning4j beside Convoy: its engine, its trainer on Spark, and its model files. It depends
 * on {@code core-nn} and {@code spark-jobs}; nothing depends on it. It is found with {@link
 * java.util.ServiceLoader} where its jar is on the classpath.
 */
package org.convoyml.dl4j;
