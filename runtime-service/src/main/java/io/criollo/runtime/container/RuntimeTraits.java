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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What OCI runtimes say of themselves. Each is asked once, and again when its binary has changed.
/// Thread-safe.
final class RuntimeTraits {
  private static final System.Logger LOG = System.getLogger(RuntimeTraits.class.getName());

  /// How `--version` of those begins that have sandboxes and tell no features.
  private static final List<String> WITH_SANDBOXES = List.of("runsc ", "kata-runtime ");

  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final Map<Path, Traits> known = new ConcurrentHashMap<>();

  /// What one of them is like.
  ///
  /// @param sandboxes whether it runs the containers of a pod inside of the pod's first one, which
  ///   then has to be there for every pod
  private record Traits(FileTime binary, Set<Feature> features, boolean sandboxes) {
    Traits {
      features = Set.copyOf(features);
    }
  }

  Set<Feature> features(OciRuntime runtime) throws InterruptedException {
    return of(runtime).features;
  }

  /// That does not change with a new binary.
  boolean sandboxes(OciRuntime runtime) throws InterruptedException {
    var traits = known.get(runtime.settings().path());
    return (traits == null ? of(runtime) : traits).sandboxes;
  }

  private Traits of(OciRuntime runtime) throws InterruptedException {
    var path = runtime.settings().path();
    var before = known.get(path);
    var binary = changed(path);
    if (before != null && before.binary.equals(binary)) {
      return before;
    }
    var traits = ask(runtime, binary, before != null && before.sandboxes);
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
  private static Traits ask(OciRuntime runtime, FileTime binary, boolean sandboxes)
      throws InterruptedException {
    try {
      var json = runtime.features();
      return new Traits(binary, RuntimeFeatures.parse(json), RuntimeFeatures.haveSandboxes(json));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "features of runtime {0}: {1}", runtime.settings().name(), e.getMessage());
      return new Traits(binary, Set.of(), sandboxes || namesSandboxes(runtime));
    }
  }

  private static boolean namesSandboxes(OciRuntime runtime) throws InterruptedException {
    try {
      var version = runtime.version();
      return WITH_SANDBOXES.stream().anyMatch(version::startsWith);
    } catch (IOException _) { // it has failed before with the same words
      return false;
    }
  }
}
