package org.convoyml.spark;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.cli.ConvoyProcess;

/** Small data sets of real digits, and a small network. */
public final class Samples {
  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;
  private static final int SIDE = 28;
  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;

  private Samples() {}

  /**
   * Writes the first images of the MNIST sample and their labels as a pair of IDX files.
   *
   * @return the path of the images
   */
  public static Path mnist(Path folder, int count) {
    byte[] pixels = unpacked("train-images-idx3-ubyte.gz", IMAGES_HEADER + count * SIDE * SIDE);
    byte[] labels = unpacked("train-labels-idx1-ubyte.gz", LABELS_HEADER + count);
    return idx(
        folder,
        SIDE,
        Arrays.copyOfRange(labels, LABELS_HEADER, labels.length),
        Arrays.copyOfRange(pixels, IMAGES_HEADER, pixels.length));
  }

  /**
   * Writes square grey images and their labels as a pair of IDX files.
   *
   * @return the path of the images
   */
  public static Path idx(Path folder, int side, byte[] labels, byte[] pixels) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve("digits-images-idx3-ubyte");
      write(file, pixels, IMAGES_MAGIC, labels.length, side, side);
      write(folder.resolve("digits-labels-idx1-ubyte"), labels, LABELS_MAGIC, labels.length);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A black image as a PGM file. */
  public static byte[] blackPgm(int height, int width) {
    byte[] header = "P5\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(header, header.length + height * width);
  }

  /** A residual network with batch norm for MNIST, smaller than one block of the flat vector. */
  public static NetworkSpec residualNetwork() {
    return NetworkSpec.builder("residual", Shape.of(1, SIDE, SIDE))
        .add("conv1", Conv2d.of(4, 3).withStride(2).withPadding(1).withoutBias())
        .add("norm1", BatchNorm.standard())
        .add("relu1", new Relu())
        .add("conv2", Conv2d.of(4, 3).withPadding(1).withoutBias())
        .add("norm2", BatchNorm.standard())
        .add("add", new Add(), "norm2", "relu1")
        .add("relu2", new Relu())
        .add("pool", AveragePool2d.of(7))
        .add("flatten", new Flatten())
        .add("dense", Dense.of(10))
        .classify("class")
        .build();
  }

  private static void write(Path file, byte[] values, int... header) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      for (int number : header) {
        out.writeInt(number);
      }
      out.write(values);
    }
  }

  private static byte[] unpacked(String name, int bytes) {
    Path file = ConvoyProcess.repository().resolve("samples/mnist").resolve(name);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readNBytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
