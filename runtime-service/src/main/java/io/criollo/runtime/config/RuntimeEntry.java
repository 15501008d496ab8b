// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import io.criollo.runtime.spec.AnnotationRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// An OCI runtime that pods can choose by its name.
///
/// @param path the executable
/// @param root the runtime's own folder of state
/// @param containers what its containers have of their own
/// @param configured whether a file names it; else it was found among the installed programs
public record RuntimeEntry(
    String name, Path path, Path root, Containers containers, boolean configured) {
  /// What a table says of the containers of its runtime.
  ///
  /// @param minimumMemory bytes below which none of them can start
  /// @param devicesWhenPrivileged whether privileged ones have all devices of the host
  /// @param seccompProfile file of the profile of "runtime default"; empty: that of all handlers
  /// @param annotations what they do
  /// @param createLimit how long the runtime may take to create one
  /// @param execOnFirstCpu whether programs that exec adds start on the first of a container's CPUs
  public record Containers(
      long minimumMemory,
      boolean devicesWhenPrivileged,
      Optional<Path> seccompProfile,
      AnnotationRules annotations,
      Duration createLimit,
      boolean execOnFirstCpu) {}
}
