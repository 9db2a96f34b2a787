package org.convoyml.aug;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imwrite;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import org.bytedeco.opencv.opencv_core.Mat;

/** Real image files with known pixels. */
public final class TestImages {
  private TestImages() {}

  /** Writes (H, W, C) bytes, red first, in the format of the file's extension. */
  public static Path write(Path file, int height, int width, int channels, byte[] pixels)
      throws IOException {
    Files.createDirectories(file.getParent());
    // OpenCV chooses the encoder by the extension, which it wants in ASCII and lower case.
    Path plain = Files.createTempFile("image", extension(file));
    try (Mat image = new Mat(height, width, CV_8UC(channels))) {
      image.data().put(pixels);
      if (channels == 3) {
        cvtColor(image, image, COLOR_RGB2BGR);
      }
      if (!imwrite(plain.toString(), image)) {
        throw new IOException("cannot write " + plain);
      }
    }
    Files.write(file, Files.readAllBytes(plain));
    Files.delete(plain);
    return file;
  }

  /** Writes an image of one colour. */
  public static Path solid(Path file, int height, int width, int red, int green, int blue)
      throws IOException {
    byte[] pixels = new byte[height * width * 3];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) red;
      pixels[i + 1] = (byte) green;
      pixels[i + 2] = (byte) blue;
    }
    return write(file, height, width, 3, pixels);
  }

  /** A PNG that says it has this size, with as many bytes of data behind it, which mean nothing. */
  public static byte[] pngOfClaimedSize(int height, int width, int bytes) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
    writeChunk(file, "IHDR", header.array());
    writeChunk(file, "IDAT", new byte[bytes]);
    writeChunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void writeChunk(ByteArrayOutputStream file, String kind, byte[] data) {
    byte[] kindAndData =
        ByteBuffer.allocate(4 + data.length)
            .put(kind.getBytes(StandardCharsets.US_ASCII))
            .put(data)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(kindAndData);
    file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    file.writeBytes(kindAndData);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }

  /** A grey PGM file. */
  public static byte[] pgm(int height, int width, byte[] pixels) {
    byte[] header = "P5\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII);
    byte[] file = Arrays.copyOf(header, header.length + pixels.length);
    System.arraycopy(pixels, 0, file, header.length, pixels.length);
    return file;
  }

  private static String extension(Path file) {
    String name = file.toString();
    return name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT);
  }
}
