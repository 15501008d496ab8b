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
import java.nio.file.Path;
import java.util.ArrayList;
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
    return installed(handler)
        .orElseThrow(() ->
            new Refusal.FailedPrecondition(
                "container "
                    + container.id()
                    + " was made by runtime handler "
                    + handler
                    + ", which is not installed any more: it can only be stopped and removed"));
  }

  /// {@return the driver of a handler that made containers, if it is still there}
  Optional<OciRuntime> installed(String handler) {
    return Optional.ofNullable(byName.get(handler))
        .filter(driver -> isInstalled(driver.settings()));
  }

  /// {@return every runtime that may know something of a container: that of its handler, and all
  /// that have notes of it}
  List<OciRuntime> knowing(String id, String handler) throws IOException {
    var name = handler.isEmpty() ? handlers.defaultName() : handler;
    var knowing = new ArrayList<OciRuntime>();
    for (var driver : byName.values()) {
      if (driver.settings().name().equals(name) || !notes(driver.settings(), id).isEmpty()) {
        knowing.add(driver);
      }
    }
    return List.copyOf(knowing);
  }

  /// {@return what a runtime keeps of a container below its root: a folder named after it, or, as
  /// gVisor does, files}
  static List<Path> notes(OciRuntimeSettings runtime, String id) throws IOException {
    var folder = runtime.root().resolve(id);
    if (Files.exists(folder)) {
      return List.of(folder);
    }
    if (!Files.isDirectory(runtime.root())) {
      return List.of();
    }
    try (var files = Files.newDirectoryStream(runtime.root(), id + "_sandbox:*")) {
      var notes = new ArrayList<Path>();
      files.forEach(notes::add);
      return List.copyOf(notes);
    }
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

  /// {@return whether the ends of a handler's containers are those of its runtime's `wait`}
  boolean waits(String handler) throws InterruptedException {
    var runtime = byName.get(handler);
    return runtime != null && traits.waits(runtime);
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
