package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * One image of a data set, still encoded.
 *
 * @param id the hash of its path within the data set
 * @param origin names it in messages
 * @param label index of its class
 * @param content a JPEG, PNG or PNM file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
public record EncodedImage(long id, String origin, int label, byte[] content)
    implements Serializable {}
