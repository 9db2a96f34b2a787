package org.convoyml.aug.source;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns whose names Spark would otherwise take for expressions. */
final class Columns {
  private Columns() {}

  /** The column of exactly this name, with dots or whatever else is in it. */
  static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
