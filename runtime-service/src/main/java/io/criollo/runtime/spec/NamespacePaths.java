// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.nio.file.Path;
import java.util.Optional;

/// The namespaces that a container is to join, pinned on the host; those that are absent are the
/// host's, an absent PID namespace is one of the container's own or the host's.
public record NamespacePaths(
    Optional<Path> net,
    Optional<Path> ipc,
    Optional<Path> uts,
    Optional<Path> user,
    Optional<Path> pid) {
  static final NamespacePaths NONE =
      new NamespacePaths(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
