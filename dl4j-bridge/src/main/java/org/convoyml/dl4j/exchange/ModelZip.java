package org.convoyml.dl4j.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.convoyml.nn.ConvoyException;

/** A zip that may lie about everything. */
final class ModelZip implements AutoCloseable {
  private static final int MOST_ENTRIES = 100;

  /** Deflate makes a byte of at most so many. */
  private static final long MAX_RATIO = 1032;

  private final String origin;
  private final ZipFile zip;
  private final long length;
  private final Set<String> names = new TreeSet<>();

  /** Reads an entry. */
  @FunctionalInterface
  interface Read<T> {
    T from(InputStream in, long most) throws IOException;
  }

  /**
   * Opens a file.
   *
   * @param origin its name, for messages
   */
  ModelZip(Path file, String origin) {
    this.origin = origin;
    this.length = file.toFile().length();
    try {
      this.zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new ConvoyException(
          "%s: expected a zip, as Deeplearning4j's ModelSerializer writes: %s"
              .formatted(origin, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ConvoyException("%s: cannot be read: %s".formatted(origin, e.getMessage()), e);
    }
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      String name = entries.nextElement().getName();
      if (!names.add(name)) {
        close();
        throw new ConvoyException(
            "%s: there are two entries '%s'".formatted(origin, Printable.of(name)));
      }
      if (names.size() > MOST_ENTRIES) {
        close();
        throw new ConvoyException(
            "%s: expected at most %d entries, found more".formatted(origin, MOST_ENTRIES));
      }
    }
  }

  /** Names of all entries. */
  Set<String> names() {
    return names;
  }

  /** What messages call an entry. */
  String place(String name) {
    return origin + ": " + Printable.of(name);
  }

  /**
   * Reads an entry.
   *
   * @param read is told how many bytes it can have at most, whatever the zip says
   * @throws ConvoyException if it is missing or damaged
   */
  <T> T read(String name, Read<T> read) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ConvoyException(
          "%s: expected an entry '%s', found %s"
              .formatted(origin, name, names.stream().map(Printable::of).toList()));
    }
    long stored = Math.min(entry.getCompressedSize(), length);
    long most = entry.getMethod() == ZipEntry.STORED ? stored : stored * MAX_RATIO;
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      T content = read.from(in, most);
      // ZipFile does not compare it; only of a whole entry it is known.
      if (in.read() == -1 && in.getChecksum().getValue() != entry.getCrc()) {
        throw new ZipException("its bytes have another CRC-32 than the zip says");
      }
      return content;
    } catch (IOException e) {
      throw new ConvoyException(
          "%s: damaged or cut off: %s".formatted(place(name), e.getMessage()), e);
    }
  }

  /** Reads an entry of at most so many bytes. */
  byte[] bytes(String name, int limit) {
    byte[] bytes = read(name, (in, most) -> in.readNBytes(limit + 1));
    if (bytes.length > limit) {
      throw new ConvoyException(
          "%s: expected at most %,d bytes, found more".formatted(place(name), limit));
    }
    return bytes;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new ConvoyException("%s: cannot be closed: %s".formatted(origin, e.getMessage()), e);
    }
  }
}
