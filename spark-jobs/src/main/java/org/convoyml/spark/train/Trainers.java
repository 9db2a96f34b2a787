package org.convoyml.spark.train;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.convoyml.nn.ConvoyException;

/** Chooses a trainer. */
public final class Trainers {
  /** Convoy's own, {@link LaneTrainer}. */
  public static final String CONVOY = "convoy";

  private Trainers() {}

  /** Those on the classpath, Convoy's first. */
  public static List<String> names() {
    return Stream.concat(Stream.of(CONVOY), others().stream().map(TrainerProvider::name)).toList();
  }

  /**
   * The trainer of this name.
   *
   * @throws ConvoyException if there is none
   */
  public static Trainer named(String name, SparkSession session) {
    if (name.equals(CONVOY)) {
      return new LaneTrainer(session);
    }
    return others().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    "no trainer is named '%s', there are %s"
                        .formatted(name, String.join(", ", names()))))
        .create(session);
  }

  private static List<TrainerProvider> others() {
    return ServiceLoader.load(TrainerProvider.class, Trainers.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
