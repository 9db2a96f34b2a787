/**
 * Networks in the words of Deeplearning4j: what layer becomes which, and in what order the numbers
 * of a parameter lie. Everything else of this module depends on it; it depends on {@code core-nn}
 * and Deeplearning4j only.
 */
package org.convoyml.dl4j.graph;
