package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/** Finds out what kind of images lies at a path. */
public final class ImageSources {
  private static final Pattern TAR_NAME = Pattern.compile(".*\\.(tar|tar\\.gz|tgz)");
  private static final Pattern IDX_NAME = Pattern.compile(".*idx[0-9].*");
  private static final byte[] IDX_START = {0, 0, 8};
  private static final byte[] TAR_MARK = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_MARK_OFFSET = 257;

  private ImageSources() {}

  /**
   * Opens IDX files, a folder of class folders, or a tar file of such a folder.
   *
   * @param path on any file system that Hadoop knows; of IDX files, that of the images
   * @throws ConvoyException if nothing is there, or nothing that is supported, and as {@link
   *     ImageSource#open} says
   */
  public static ImageDataset open(SparkSession spark, String path) {
    return at(spark, path).open(spark);
  }

  /** By name, and by content where the name says nothing. */
  private static ImageSource at(SparkSession spark, String path) {
    HadoopFile file = HadoopFile.existing(spark, path);
    if (file.status().isDirectory()) {
      return new FolderSource(path);
    }
    String name = file.name().toLowerCase(Locale.ROOT);
    if (TAR_NAME.matcher(name).matches()) {
      return new TarSource(path);
    }
    if (IDX_NAME.matcher(name).matches()) {
      return new IdxSource(path);
    }
    byte[] start = firstBytes(file);
    if (has(start, TAR_MARK_OFFSET, TAR_MARK)) {
      return new TarSource(path);
    }
    if (has(start, 0, IDX_START)) {
      return new IdxSource(path);
    }
    throw new ConvoyException(
        path
            + ": expected a folder with a folder of JPEG or PNG images for each class, a tar file"
            + " of one (.tar, .tar.gz, .tgz), or an IDX file of images (…-images-idx3-ubyte, .gz or"
            + " not), found none of these");
  }

  private static byte[] firstBytes(HadoopFile file) {
    try (InputStream in = file.openUnpacked()) {
      return in.readNBytes(TAR_MARK_OFFSET + TAR_MARK.length);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private static boolean has(byte[] bytes, int offset, byte[] expected) {
    int end = offset + expected.length;
    return bytes.length >= end && Arrays.equals(bytes, offset, end, expected, 0, expected.length);
  }
}
