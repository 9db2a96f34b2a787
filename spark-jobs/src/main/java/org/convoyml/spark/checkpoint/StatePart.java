package org.convoyml.spark.checkpoint;

import java.io.Serializable;

/**
 * One file of a checkpoint.
 *
 * @param name of the file, within the checkpoint's directory
 * @param from first element of the flat vector that it holds
 * @param to the element behind the last
 * @param bytes its length
 * @param crc32c of all of its bytes (RFC 3720)
 */
public record StatePart(String name, int from, int to, long bytes, long crc32c)
    implements Serializable {}
