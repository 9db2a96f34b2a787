package org.convoyml.dl4j.train;

import org.apache.spark.sql.SparkSession;
import org.convoyml.spark.train.Trainer;
import org.convoyml.spark.train.TrainerProvider;

/** Offers {@link Dl4jSparkTrainer}. */
public final class Dl4jSparkTrainerProvider implements TrainerProvider {
  @Override
  public String name() {
    return Dl4jSparkTrainer.NAME;
  }

  @Override
  public Trainer create(SparkSession session) {
    return new Dl4jSparkTrainer(session);
  }
}
