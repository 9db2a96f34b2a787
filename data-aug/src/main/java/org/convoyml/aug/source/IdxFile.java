package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.convoyml.nn.ConvoyException;

/**
 * An IDX file of unsigned bytes, gzipped or not: a magic number whose last byte is the number of
 * dimensions, their sizes (4 bytes each, big endian), and the values.
 *
 * @param file where it is
 * @param gzip whether it is packed, so that reading cannot start in the middle
 * @param sizes of its dimensions; the first is the number of records
 * @see <a href="http://yann.lecun.com/exdb/mnist/">LeCun, Cortes and Burges, The MNIST database</a>
 */
record IdxFile(HadoopFile file, boolean gzip, List<Integer> sizes) implements Serializable {
  /** Magic number of records of rows and columns. */
  static final int IMAGES = 0x00000803;

  /** Magic number of single bytes. */
  static final int LABELS = 0x00000801;

  /**
   * Reads the header, and compares the file's length with it where that is known without unpacking.
   *
   * @param magic the expected magic number
   */
  static IdxFile open(HadoopFile file, int magic) {
    int dimensions = magic & 0xFF;
    try (InputStream in = file.openUnpacked()) {
      byte[] header = in.readNBytes(Integer.BYTES * (1 + dimensions));
      if (header.length < Integer.BYTES * (1 + dimensions)) {
        throw new ConvoyException(
            "%s: expected an IDX file with a header of %d bytes, found %d bytes"
                .formatted(file.path(), Integer.BYTES * (1 + dimensions), header.length));
      }
      ByteBuffer values = ByteBuffer.wrap(header);
      int found = values.getInt();
      if (found != magic) {
        throw new ConvoyException(
            "%s: expected an IDX file with magic number 0x%08x, found 0x%08x"
                .formatted(file.path(), magic, found));
      }
      List<Integer> sizes = new ArrayList<>();
      for (int i = 0; i < dimensions; i++) {
        sizes.add(values.getInt());
      }
      IdxFile idx = new IdxFile(file, file.isGzip(), List.copyOf(sizes));
      idx.checkSizes();
      if (!idx.gzip && file.status().getLen() != idx.bytes()) {
        throw idx.wrongLength(file.status().getLen());
      }
      return idx;
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  /** How many images or labels it holds. */
  int count() {
    return sizes.get(0);
  }

  /** How many bytes each of them has. */
  int recordBytes() {
    return sizes.stream().skip(1).reduce(1, (a, b) -> a * b);
  }

  /** The whole length, unpacked, that its header calls for. */
  long bytes() {
    return offset(count());
  }

  /** Opens it where the record with the given index begins. */
  InputStream openAt(int record) throws IOException {
    if (gzip) {
      InputStream in = file.openUnpacked();
      in.skipNBytes(offset(record));
      return in;
    }
    FSDataInputStream in = file.open();
    in.seek(offset(record));
    return in;
  }

  /**
   * Reads records from a stream that stands at the first of them.
   *
   * @param first its index
   * @param records how many; together less than 2^31 bytes
   */
  byte[] read(InputStream in, int first, int records) throws IOException {
    byte[] values = in.readNBytes(records * recordBytes());
    if (values.length < records * recordBytes()) {
      throw wrongLength(offset(first) + values.length);
    }
    // Reading to the very end makes gzip compare its checksum.
    if (first + records == count() && in.read() >= 0) {
      throw new ConvoyException(
          "%s: expected %d bytes, found more".formatted(file.path(), bytes()));
    }
    return values;
  }

  private long offset(int record) {
    return (long) Integer.BYTES * (1 + sizes.size()) + (long) record * recordBytes();
  }

  private void checkSizes() {
    long record = 1;
    for (int size : sizes.subList(1, sizes.size())) {
      record = size <= 0 || record > Integer.MAX_VALUE ? -1 : record * size;
    }
    if (count() < 0 || record <= 0 || record > Integer.MAX_VALUE) {
      throw new ConvoyException(
          "%s: expected positive sizes in the header, found %s".formatted(file.path(), sizes));
    }
  }

  private ConvoyException wrongLength(long found) {
    return new ConvoyException(
        "%s: expected %d bytes for %d records of %d, found %d"
            .formatted(file.path(), bytes(), count(), recordBytes(), found));
  }
}
