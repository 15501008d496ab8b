// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.RuntimeFeatures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What OCI runtimes say of themselves. Each is asked once, and again when its binary has changed
/// or it could not answer. Thread-safe.
final class RuntimeTraits {
  private static final System.Logger LOG = System.getLogger(RuntimeTraits.class.getName());

  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final Map<Path, Traits> known = new ConcurrentHashMap<>();

  /// Where the containers of a runtime are.
  private enum Kind {
    /// Processes of the node.
    PROCESSES,
    /// In the sandbox of their pod, each with a process of the node that ends when it does.
    BEHIND_SHIMS,
    /// In the sandbox of their pod.
    IN_SANDBOXES,
    /// It could not be asked.
    UNKNOWN;

    /// What `--version` says where `features` does not.
    static Kind of(String version) {
      if (version.startsWith("runsc ")) {
        return IN_SANDBOXES;
      }
      return version.startsWith("kata-runtime ") ? BEHIND_SHIMS : PROCESSES;
    }
  }

  private record Traits(FileTime binary, Set<Feature> features, Kind kind) {
    Traits {
      features = Set.copyOf(features);
    }
  }

  Set<Feature> features(OciRuntime runtime) throws InterruptedException {
    return of(runtime).features;
  }

  /// {@return whether it runs the containers of a pod inside of the pod's first one, which then has
  /// to be there for every pod}
  boolean sandboxes(OciRuntime runtime) throws InterruptedException {
    var kind = kind(runtime);
    return kind == Kind.IN_SANDBOXES || kind == Kind.BEHIND_SHIMS;
  }

  /// {@return whether nothing but its `wait` tells how a container has ended}
  boolean waits(OciRuntime runtime) throws InterruptedException {
    return kind(runtime) == Kind.IN_SANDBOXES;
  }

  /// That does not change with a new binary.
  private Kind kind(OciRuntime runtime) throws InterruptedException {
    var before = known.get(runtime.settings().path());
    var traits = before == null ? of(runtime) : before;
    if (traits.kind != Kind.UNKNOWN) {
      return traits.kind;
    }
    var kind = kindByVersion(runtime);
    known.put(runtime.settings().path(), new Traits(traits.binary, traits.features, kind));
    return kind;
  }

  private Traits of(OciRuntime runtime) throws InterruptedException {
    var path = runtime.settings().path();
    var before = known.get(path);
    var binary = changed(path);
    if (before != null && before.binary.equals(binary)) {
      return before;
    }
    var traits = ask(runtime, binary, before == null ? Kind.UNKNOWN : before.kind);
    known.put(path, traits);
    return traits;
  }

  private static FileTime changed(Path binary) {
    try {
      return Files.getLastModifiedTime(binary);
    } catch (IOException _) { // it is not there now, which is told when it is asked
      return NEVER;
    }
  }

  /// A runtime that cannot tell has no features, and is not asked each time.
  private static Traits ask(OciRuntime runtime, FileTime binary, Kind before)
      throws InterruptedException {
    try {
      var json = runtime.features();
      var kind = RuntimeFeatures.haveSandboxes(json) ? Kind.IN_SANDBOXES : Kind.PROCESSES;
      return new Traits(binary, RuntimeFeatures.parse(json), kind);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "features of runtime {0}: {1}", runtime.settings().name(), e.getMessage());
      return new Traits(binary, Set.of(), before == Kind.UNKNOWN ? kindByVersion(runtime) : before);
    }
  }

  private static Kind kindByVersion(OciRuntime runtime) throws InterruptedException {
    try {
      return Kind.of(runtime.version());
    } catch (IOException _) { // it has failed before with the same words
      return Kind.UNKNOWN;
    }
  }
}
