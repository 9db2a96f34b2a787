package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * An image that was left out.
 *
 * @param id its identity
 * @param origin names it for people
 * @param reason what is wrong with it
 * @param executor where it was met
 */
public record CorruptImage(long id, String origin, String reason, String executor)
    implements Serializable {}
