package org.convoyml.spark.data;

import java.io.Serializable;
import java.util.zip.CRC32C;
import org.convoyml.nn.random.KeyedRandom;

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
    implements Serializable {
  /**
   * A hash of identity, label and content. Those of a data set's images are summed to its
   * fingerprint.
   */
  public long fingerprint() {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return KeyedRandom.key(id, label, checksum.getValue());
  }
}
