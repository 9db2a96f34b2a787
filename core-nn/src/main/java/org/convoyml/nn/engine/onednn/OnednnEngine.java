package org.convoyml.nn.engine.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.spec.NetworkSpec;

/** oneDNN on the CPU. */
public final class OnednnEngine implements Engine {
  static {
    // JavaCPP refuses to allocate once the process is larger than twice the Java heap. Our native
    // memory is planned and
    // bounded by itself, and on an executor it is meant to be larger than the heap.
    if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
      System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }
  }

  private final Optional<String> unavailable = tryLoading();

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public String version() {
    dnnl_version_t version = dnnl.dnnl_version();
    return "oneDNN %d.%d.%d, %s"
        .formatted(
            version.major(),
            version.minor(),
            version.patch(),
            dnnl.get_effective_cpu_isa().toString());
  }

  @Override
  public int preference() {
    return 100;
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public CompiledNetwork compile(NetworkSpec network, CompileOptions options) {
    unavailable.ifPresent(
        reason -> {
          throw new IllegalStateException("oneDNN cannot run here: " + reason);
        });
    return new OnednnNetwork(network, options);
  }

  private static Optional<String> tryLoading() {
    try {
      OpenMp.bind(Loader.load(dnnl.class));
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("no library"));
    }
  }
}
