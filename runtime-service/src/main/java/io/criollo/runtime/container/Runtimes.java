// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.RuntimeHandlers;
import java.util.Map;
import java.util.stream.Collectors;

/// The drivers of the configured OCI runtimes.
public final class Runtimes {
  private final RuntimeHandlers handlers;
  private final Map<String, OciRuntime> byName;

  public Runtimes(RuntimeHandlers handlers) {
    this.handlers = handlers;
    byName =
        handlers.byName().entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> new OciRuntime(e.getValue())));
  }

  public RuntimeHandlers handlers() {
    return handlers;
  }

  OciRuntime of(Container container) {
    return named(container.record().place().handler());
  }

  /// {@return the driver of a handler as pods name it: empty means the default}
  public OciRuntime named(String handler) {
    var driver = byName.get(handlers.require(handler).name());
    if (driver == null) {
      throw new IllegalStateException("no driver for runtime handler " + handler);
    }
    return driver;
  }
}
