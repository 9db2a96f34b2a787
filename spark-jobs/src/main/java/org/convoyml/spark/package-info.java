/**
 * Distributed training and evaluation on Spark. Sits on top: may depend on {@code data-aug} and
 * {@code core-nn}, and nothing depends on it but the bridges to other libraries.
 */
package org.convoyml.spark;
