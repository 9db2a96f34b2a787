package org.convoyml.aug.source;

import java.util.Optional;

/**
 * Which columns of a table (Parquet, a CSV manifest, a DataFrame) to read, where its schema leaves
 * a choice.
 *
 * @param imageColumn name of the column of images, or in a manifest of paths
 * @param labelColumn name of the column of labels
 */
public record SourceOptions(Optional<String> imageColumn, Optional<String> labelColumn) {
  /** Whatever the schema says. */
  public static final SourceOptions NONE = new SourceOptions(Optional.empty(), Optional.empty());
}
