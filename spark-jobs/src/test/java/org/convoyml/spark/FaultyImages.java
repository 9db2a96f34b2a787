package org.convoyml.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A folder of real digits as PNG files, some of which are not what they should be. */
public final class FaultyImages {
  private static final int SIDE = 28;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private FaultyImages() {}

  /** Writes the first digits of the MNIST sample, ten classes, as {@code class/number.png}. */
  public static Path digits(Path folder, int count) {
    byte[] idx = read(Samples.mnist(folder.resolveSibling(folder.getFileName() + "-idx"), count));
    byte[] labels =
        read(
            folder
                .resolveSibling(folder.getFileName() + "-idx")
                .resolve("digits-labels-idx1-ubyte"));
    for (int i = 0; i < count; i++) {
      int start = 16 + i * SIDE * SIDE;
      byte[] pixels = Arrays.copyOfRange(idx, start, start + SIDE * SIDE);
      write(folder.resolve("%d/%05d.png".formatted(labels[8 + i], i)), png(SIDE, SIDE, pixels));
    }
    return folder;
  }

  /** Adds a file of each fault that a look at the file shows. */
  public static void addFaults(Path folder) {
    byte[] sound = png(SIDE, SIDE, new byte[SIDE * SIDE]);
    write(folder.resolve("0/cut-off.png"), Arrays.copyOf(sound, sound.length - 20));
    write(folder.resolve("1/empty.jpg"), new byte[0]);
    write(
        folder.resolve("2/page.jpg"),
        "<!DOCTYPE html>\n<html><body>404 Not Found</body></html>"
            .getBytes(StandardCharsets.UTF_8));
    write(folder.resolve("3/giant.png"), png(30_000, 30_000, new byte[100]));
    write(folder.resolve("4/moving.png"), "GIF89a\1\0\1\0".getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A grey PNG whose checksums are right but whose pixels cannot be unpacked. */
  public static byte[] undecodable() {
    byte[] noise = new byte[200];
    Arrays.fill(noise, (byte) 0x55);
    return file(SIDE, SIDE, noise);
  }

  public static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A grey PNG; there may be fewer pixels than it says. */
  private static byte[] png(int height, int width, byte[] pixels) {
    ByteBuffer rows = ByteBuffer.allocate(pixels.length + pixels.length / width + 1);
    for (int i = 0; i < pixels.length; i += width) {
      rows.put((byte) 0).put(pixels, i, Math.min(width, pixels.length - i));
    }
    Deflater deflater = new Deflater();
    deflater.setInput(rows.array(), 0, rows.position());
    deflater.finish();
    byte[] packed = new byte[rows.position() + 64];
    int length = deflater.deflate(packed);
    deflater.end();
    return file(height, width, Arrays.copyOf(packed, length));
  }

  private static byte[] file(int height, int width, byte[] packed) {
    byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).array();
    ByteBuffer file = ByteBuffer.allocate(8 + 3 * 12 + header.length + packed.length);
    file.put(SIGNATURE);
    putChunk(file, "IHDR", header);
    putChunk(file, "IDAT", packed);
    putChunk(file, "IEND", new byte[0]);
    return file.array();
  }

  private static void putChunk(ByteBuffer file, String kind, byte[] data) {
    file.putInt(data.length);
    int start = file.position();
    file.put(kind.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 checksum = new CRC32();
    checksum.update(file.array(), start, file.position() - start);
    file.putInt((int) checksum.getValue());
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
