package org.convoyml.aug.source;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes small IDX files: image {@code i} has every pixel {@code i}, and label {@code i % 3}. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] images(int count, int rows, int columns) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x0803);
    out.writeInt(count);
    out.writeInt(rows);
    out.writeInt(columns);
    for (int i = 0; i < count; i++) {
      for (int pixel = 0; pixel < rows * columns; pixel++) {
        out.writeByte(i);
      }
    }
    return bytes.toByteArray();
  }

  static byte[] labels(int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x0801);
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      out.writeByte(i % 3);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** Ten images of 3×5 and their labels; returns the path of the images. */
  static Path pair(Path directory) throws IOException {
    Files.write(directory.resolve("train-labels-idx1-ubyte"), labels(10));
    return Files.write(directory.resolve("train-images-idx3-ubyte"), images(10, 3, 5));
  }
}
