// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.RuntimeHandlers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The drivers of the configured OCI runtimes, and of those that were configured when a container
/// was made that is still there.
public final class Runtimes {
  private final RuntimeHandlers handlers;
  private final Map<String, OciRuntime> byName;
  private final RuntimeTraits traits = new RuntimeTraits();

  public Runtimes(RuntimeHandlers handlers, RuntimeMemory memory) throws IOException {
    this.handlers = handlers;
    byName =
        memory.with(handlers.byName()).entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> new OciRuntime(e.getValue())));
  }

  public RuntimeHandlers handlers() {
    return handlers;
  }

  /// {@return the driver of the runtime that made a container}
  OciRuntime of(Container container) {
    var handler = container.record().place().handler();
    return Optional.ofNullable(byName.get(handler))
        .filter(driver -> isInstalled(driver.settings()))
        .orElseThrow(() ->
            new Refusal.FailedPrecondition(
                "container "
                    + container.id()
                    + " was made by runtime handler "
                    + handler
                    + ", which is not installed any more: it can only be stopped and removed"));
  }

  /// {@return every runtime that may know something of a container: that of its handler, and all
  /// that have a folder of that name}
  List<OciRuntime> knowing(String id, String handler) {
    var name = handler.isEmpty() ? handlers.defaultName() : handler;
    return byName.values().stream()
        .filter(driver ->
            driver.settings().name().equals(name)
                || Files.exists(driver.settings().root().resolve(id)))
        .toList();
  }

  /// {@return which features the runtime of a handler says it has; empty: the default handler}
  Set<Feature> features(String handler) throws InterruptedException {
    return traits.features(named(handler));
  }

  /// {@return whether a handler's runtime runs the containers of a pod inside of the pod's first
  /// one, as gVisor does} They are no processes of the node then.
  public boolean sandboxes(String handler) throws InterruptedException {
    var runtime = byName.get(handler.isEmpty() ? handlers.defaultName() : handler);
    return runtime != null && traits.sandboxes(runtime);
  }

  static boolean isInstalled(OciRuntimeSettings runtime) {
    return Files.isExecutable(runtime.path());
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
