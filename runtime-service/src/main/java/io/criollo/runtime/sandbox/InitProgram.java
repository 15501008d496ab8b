// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The program that is process 1 in PID namespaces of pods: the configured one, or catatonit where
/// distributions put it. Looked for at each use, so that installing it is enough.
public final class InitProgram {
  private static final List<Path> USUAL =
      List.of(
          Path.of("/usr/bin/catatonit"),
          Path.of("/usr/libexec/catatonit/catatonit"),
          Path.of("/usr/libexec/podman/catatonit"),
          Path.of("/usr/local/bin/catatonit"));

  private final Optional<Path> configured;
  private final List<Path> usual;

  public InitProgram(Optional<Path> configured) {
    this(configured, USUAL);
  }

  InitProgram(Optional<Path> configured, List<Path> usual) {
    this.configured = configured;
    this.usual = List.copyOf(usual);
  }

  /// {@return where it is}
  ///
  /// @throws Refusal.FailedPrecondition when it is not installed
  Path find() {
    if (configured.isPresent()) {
      return configured
          .filter(InitProgram::usable)
          .orElseThrow(() -> missing("pod_init_path " + configured.get() + " is no executable"));
    }
    return usual.stream()
        .filter(InitProgram::usable)
        .findFirst()
        .orElseThrow(() -> missing("none of " + usual + " is there"));
  }

  private static boolean usable(Path program) {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  private static Refusal missing(String why) {
    return new Refusal.FailedPrecondition(
        "pid mode POD needs an init program for the pod's PID namespace: "
            + why
            + "; install the package catatonit");
  }
}
