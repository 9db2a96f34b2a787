package org.convoyml.nn.engine.reference;

import java.util.Optional;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.spec.NetworkSpec;

/** Plain Java on one thread, in double precision. Runs everywhere; slow. */
public final class ReferenceEngine implements Engine {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  /** Uses one thread, whatever {@code options.threads()} allows. */
  @Override
  public CompiledNetwork compile(NetworkSpec network, CompileOptions options) {
    return new ReferenceNetwork(network, options);
  }
}
