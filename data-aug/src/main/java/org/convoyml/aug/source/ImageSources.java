package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/** Finds out what kind of images lies at a path. */
public final class ImageSources {
  private static final Pattern TAR_NAME = Pattern.compile(".*\\.(tar|tar\\.gz|tgz)");
  private static final Pattern IDX_NAME = Pattern.compile(".*idx[0-9].*");
  private static final Pattern PARTITION = Pattern.compile("[A-Za-z_]\\w*=.+");
  private static final byte[] IDX_START = {0, 0, 8};
  private static final byte[] TAR_MARK = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PARQUET_START = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_MARK_OFFSET = 257;

  private ImageSources() {}

  /**
   * Opens a folder of class folders, a tar file of one, IDX files, CIFAR's binary files, Parquet or
   * a CSV manifest.
   *
   * @param path on any file system that Hadoop knows; of IDX files, that of the images
   * @throws ConvoyException if nothing is there, or nothing that is supported, and as {@link
   *     ImageSource#open} says
   */
  public static ImageDataset open(SparkSession spark, String path) {
    return open(spark, path, SourceOptions.NONE);
  }

  /**
   * The same where a table's schema leaves a choice.
   *
   * @throws ConvoyException if columns are named, but what lies there has none
   */
  public static ImageDataset open(SparkSession spark, String path, SourceOptions options) {
    ImageSource source = at(spark, path, options);
    boolean table = source instanceof ParquetSource || source instanceof ManifestSource;
    if (!table && !options.equals(SourceOptions.NONE)) {
      throw new ConvoyException(
          path + ": expected Parquet or a CSV manifest, since columns are named, found neither");
    }
    return source.open(spark);
  }

  /**
   * Takes a table that is already open: of Spark's {@code image} source, whose pixels become PGM or
   * PPM files, of its {@code binaryFile} source, or any other with a column of encoded images.
   * Labels are in a column, or else the names of the folders in the images' paths, as {@link
   * FolderSource} has them; identities are the same as if that folder had been opened.
   *
   * @param frame a batch, not a stream
   * @throws ConvoyException if images, labels or what tells images apart are not found in it
   */
  public static ImageDataset fromDataFrame(Dataset<Row> frame, SourceOptions options) {
    return new FrameSource(frame, options).open(frame.sparkSession());
  }

  /** The same for a table whose schema leaves no choice. */
  public static ImageDataset fromDataFrame(Dataset<Row> frame) {
    return fromDataFrame(frame, SourceOptions.NONE);
  }

  /** By name, and by content where the name says nothing. */
  private static ImageSource at(SparkSession spark, String path, SourceOptions options) {
    HadoopFile file = HadoopFile.existing(spark, path);
    if (file.status().isDirectory()) {
      return inDirectory(file, options);
    }
    String name = file.name().toLowerCase(Locale.ROOT);
    if (TAR_NAME.matcher(name).matches()) {
      return new TarSource(path);
    }
    if (name.endsWith(".parquet")) {
      return new ParquetSource(path, options);
    }
    if (name.endsWith(".csv")) {
      return new ManifestSource(path, options);
    }
    if (IDX_NAME.matcher(name).matches()) {
      return new IdxSource(path);
    }
    if (name.endsWith(".bin")) {
      return new CifarSource(path);
    }
    return byContent(file, options);
  }

  /** By the names of what is directly in it; class folders say nothing. */
  private static ImageSource inDirectory(HadoopFile directory, SourceOptions options) {
    try {
      RemoteIterator<FileStatus> entries = directory.list();
      while (entries.hasNext()) {
        FileStatus entry = entries.next();
        String name = entry.getPath().getName();
        // Folders such as label=cat are how Spark divides a table.
        boolean parquet =
            entry.isFile() ? name.endsWith(".parquet") : PARTITION.matcher(name).matches();
        if (parquet && !FolderLayout.isHidden(name)) {
          return new ParquetSource(directory.path(), options);
        }
        if (entry.isFile() && CifarSource.isTrainingFile(name)) {
          return new CifarSource(directory.path());
        }
      }
    } catch (IOException e) {
      throw directory.unreadable(e);
    }
    return new FolderSource(directory.path());
  }

  private static ImageSource byContent(HadoopFile file, SourceOptions options) {
    String path = file.path();
    byte[] start = firstBytes(file);
    if (has(start, TAR_MARK_OFFSET, TAR_MARK)) {
      return new TarSource(path);
    }
    if (has(start, 0, IDX_START)) {
      return new IdxSource(path);
    }
    if (has(start, 0, PARQUET_START)) {
      return new ParquetSource(path, options);
    }
    throw new ConvoyException(
        path
            + ": expected a folder with a folder of images for each class, a tar file of one (.tar,"
            + " .tar.gz, .tgz), an IDX file of images (…-images-idx3-ubyte, .gz or not), CIFAR's"
            + " binary files (.bin), Parquet (.parquet) or a manifest of paths and labels (.csv),"
            + " found none of these");
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
