/**
 * Reads and writes the zips of Deeplearning4j's {@code ModelSerializer}. A file that is read is
 * hostile until its end: its JSON may name classes of one list only, its numbers are counted before
 * they are read, and nothing in it is ever deserialized by Java or by Deeplearning4j. Depends on
 * {@code dl4j.graph}, {@code core-nn} and {@code spark.model}.
 */
package org.convoyml.dl4j.exchange;
