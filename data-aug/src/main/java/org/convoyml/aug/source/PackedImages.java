package org.convoyml.aug.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.convoyml.nn.ConvoyException;

/**
 * The table in which any data set can be packed: {@link ImageDataset#SCHEMA}, with the names of
 * classes in the metadata of the labels. Images keep their identities, so that training on it gives
 * the same model.
 */
public final class PackedImages {
  private static final Pattern NAME = Pattern.compile("images-\\d{5}-of-(\\d{5})\\.parquet");

  private PackedImages() {}

  /** The schema with the names of classes. */
  public static StructType schema(List<String> classes) {
    List<StructField> columns = new ArrayList<>();
    for (StructField column : ImageDataset.SCHEMA.fields()) {
      columns.add(
          column.name().equals("label")
              ? new StructField(
                  column.name(), column.dataType(), column.nullable(), NominalLabels.of(classes))
              : column);
    }
    return new StructType(columns.toArray(StructField[]::new));
  }

  /**
   * What a file is called.
   *
   * @param number from 0
   * @param files how many there are
   */
  public static String fileName(int number, int files) {
    return "images-%05d-of-%05d.parquet".formatted(number, files);
  }

  /**
   * Checks that no file of a directory is missing, where their names tell how many there are.
   *
   * @param files names of those that are there
   */
  static void checkComplete(String directory, List<String> files) {
    for (String file : files) {
      Matcher name = NAME.matcher(file);
      if (name.matches() && Integer.parseInt(name.group(1)) != files.size()) {
        throw new ConvoyException(
            "%s: expected %d files, since there is a %s, found %d"
                .formatted(directory, Integer.parseInt(name.group(1)), file, files.size()));
      }
    }
  }

  /** The data set in a table, if it is one that was packed. */
  static Optional<ImageDataset> read(Dataset<Row> table) {
    if (!table.schema().simpleString().equals(ImageDataset.SCHEMA.simpleString())) {
      return Optional.empty();
    }
    return NominalLabels.names(table.schema().apply("label"))
        .map(classes -> new ImageDataset(table, classes));
  }
}
