package org.convoyml.spark.train;

import org.apache.spark.sql.SparkSession;

/** A way to train that another jar brings. Found with {@link java.util.ServiceLoader}. */
public interface TrainerProvider {
  /** By which users choose it. */
  String name();

  /** Makes one for a session. */
  Trainer create(SparkSession session);
}
