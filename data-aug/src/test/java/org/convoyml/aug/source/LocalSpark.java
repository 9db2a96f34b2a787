package org.convoyml.aug.source;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one real Spark session on two threads, which lasts until all tests have run. */
public final class LocalSpark implements ParameterResolver {
  private record Session(SparkSession spark) implements CloseableResource {
    static Session start() {
      return new Session(
          SparkSession.builder()
              // One more attempt for tasks that fail.
              .master("local[2,2]")
              .appName("data-aug tests")
              .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 2)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .getOrCreate());
    }

    @Override
    public void close() {
      spark.stop();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public SparkSession resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(LocalSpark.class))
        .getOrComputeIfAbsent(Session.class, key -> Session.start(), Session.class)
        .spark();
  }
}
