package org.convoyml.nn.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.convoyml.nn.ConvoyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses an engine. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private Engines() {}

  /** All engines on the classpath, the preferred first, whether or not they can run here. */
  public static List<Engine> all() {
    return ServiceLoader.load(Engine.class, Engines.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(Engine::preference).reversed())
        .toList();
  }

  /** The preferred engine that can run here; says in the log why a faster one cannot. */
  public static Engine best() {
    List<String> passedOver = new ArrayList<>();
    for (Engine engine : all()) {
      if (engine.unavailable().isEmpty()) {
        if (!passedOver.isEmpty()) {
          LOG.warn("{}; using {}", String.join("; ", passedOver), engine.name());
        }
        return engine;
      }
      passedOver.add(
          "engine %s cannot run here: %s"
              .formatted(engine.name(), engine.unavailable().orElseThrow()));
    }
    throw new ConvoyException("no engine can run here");
  }

  /**
   * The engine of this name.
   *
   * @throws ConvoyException if no engine has this name or it cannot run here
   */
  public static Engine named(String name) {
    List<Engine> engines = all();
    for (Engine engine : engines) {
      if (engine.name().equals(name)) {
        engine
            .unavailable()
            .ifPresent(
                reason -> {
                  throw new ConvoyException("engine " + name + " cannot run here: " + reason);
                });
        return engine;
      }
    }
    throw new ConvoyException(
        "no engine is named '%s', there are %s"
            .formatted(name, engines.stream().map(Engine::name).collect(Collectors.joining(", "))));
  }
}
