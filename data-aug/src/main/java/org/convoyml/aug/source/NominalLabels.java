package org.convoyml.aug.source;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * Names of classes in a column's metadata, as Spark ML's nominal attributes have them, so that its
 * tools find them too. Spark keeps them in the footers of Parquet files.
 */
final class NominalLabels {
  private static final String ATTRIBUTE = "ml_attr";
  private static final String TYPE = "type";
  private static final String NOMINAL = "nominal";
  private static final String VALUES = "vals";

  private NominalLabels() {}

  /** Metadata of a column of labels with these names, in their order. */
  static Metadata of(List<String> names) {
    Metadata attribute =
        new MetadataBuilder()
            .putString(TYPE, NOMINAL)
            .putString("name", "label")
            .putStringArray(VALUES, names.toArray(String[]::new))
            .build();
    return new MetadataBuilder().putMetadata(ATTRIBUTE, attribute).build();
  }

  /** The names that a column's labels have, in the order of the labels. */
  static Optional<List<String>> names(StructField column) {
    if (!column.metadata().contains(ATTRIBUTE)) {
      return Optional.empty();
    }
    Metadata attribute = column.metadata().getMetadata(ATTRIBUTE);
    boolean named =
        attribute.contains(TYPE)
            && attribute.getString(TYPE).equals(NOMINAL)
            && attribute.contains(VALUES);
    return named ? Optional.of(List.of(attribute.getStringArray(VALUES))) : Optional.empty();
  }
}
