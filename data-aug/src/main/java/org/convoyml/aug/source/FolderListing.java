package org.convoyml.aug.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.convoyml.nn.ConvoyException;

/**
 * Lists folders in tasks, a level of the tree at a time. The driver learns of each folder one image
 * and how many there are; names of files stay with the executors. Spark's own readers hold the name
 * and state of every file on the driver.
 */
final class FolderListing {
  // Less than the links that Linux follows in a path, beyond which it pretends that nothing is
  // there.
  private static final int DEEPEST = 32;
  private static final StructType FOLDER =
      new StructType()
          .add("path", DataTypes.StringType, false)
          .add("image", DataTypes.StringType)
          .add("bytes", DataTypes.LongType, false)
          .add("folders", DataTypes.createArrayType(DataTypes.StringType, false), false);

  /**
   * A folder with images.
   *
   * @param path of the folder, with its file system
   * @param image the path of one image in it
   * @param bytes of all of them
   */
  record Folder(String path, String image, long bytes) {}

  private FolderListing() {}

  /** Every folder below this one, itself included, in which there are images. */
  static List<Folder> folders(SparkSession spark, HadoopFile root) {
    SerializableConfiguration configuration = root.configuration();
    MapFunction<String, Row> list = path -> summary(new HadoopFile(path, configuration));
    List<Folder> found = new ArrayList<>();
    List<String> level = List.of(root.status().getPath().toString());
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth == DEEPEST) {
        throw new ConvoyException(
            "%s: expected at most %d folders in each other, found %s: a link to a folder above?"
                .formatted(root.path(), DEEPEST, level.get(0)));
      }
      Dataset<Row> summaries =
          spark.createDataset(level, Encoders.STRING()).map(list, Encoders.row(FOLDER));
      List<String> below = new ArrayList<>();
      for (Row folder : Failures.unwrapped(summaries::collectAsList)) {
        below.addAll(folder.getList(3));
        if (!folder.isNullAt(1)) {
          found.add(new Folder(folder.getString(0), folder.getString(1), folder.getLong(2)));
        }
      }
      level = below;
    }
    return found;
  }

  /** Paths of all images in the given folders, but not of those further below; one column. */
  static Dataset<String> images(SparkSession spark, HadoopFile root, List<Folder> folders) {
    SerializableConfiguration configuration = root.configuration();
    FlatMapFunction<String, String> list = path -> images(new HadoopFile(path, configuration));
    return spark
        .createDataset(folders.stream().map(Folder::path).toList(), Encoders.STRING())
        .flatMap(list, Encoders.STRING());
  }

  private static Row summary(HadoopFile folder) {
    String image = null;
    long bytes = 0;
    List<String> folders = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try {
      RemoteIterator<FileStatus> entries = folder.list();
      while (entries.hasNext()) {
        FileStatus entry = entries.next();
        String path = entry.getPath().toString();
        names.add(entry.getPath().getName());
        if (entry.isDirectory() && !FolderLayout.isHidden(entry.getPath().getName())) {
          folders.add(path);
        } else if (isImage(entry)) {
          image = smaller(image, path);
          bytes += entry.getLen();
        }
      }
      for (String unreadable : PassedOver.images(folder, names)) {
        image = smaller(image, unreadable);
      }
    } catch (IOException e) {
      throw folder.unreadable(e);
    }
    return RowFactory.create(folder.path(), image, bytes, folders.toArray(String[]::new));
  }

  /** So that it does not depend on the file system's order. */
  private static String smaller(String image, String other) {
    return image == null || other.compareTo(image) < 0 ? other : image;
  }

  private static Iterator<String> images(HadoopFile folder) {
    List<String> images = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try {
      RemoteIterator<FileStatus> entries = folder.list();
      while (entries.hasNext()) {
        FileStatus entry = entries.next();
        names.add(entry.getPath().getName());
        if (isImage(entry)) {
          images.add(entry.getPath().toString());
        }
      }
      images.addAll(PassedOver.images(folder, names));
    } catch (IOException e) {
      throw folder.unreadable(e);
    }
    return images.iterator();
  }

  private static boolean isImage(FileStatus entry) {
    return entry.isFile() && FolderLayout.isImage(entry.getPath().getName());
  }
}
