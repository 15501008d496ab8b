// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.nio.file.Path;
import java.util.Optional;

/// Where a container's standard streams go. `log` is absolute; without it the output is discarded.
public record ContainerStdio(
    Optional<Path> log, boolean terminal, boolean stdin, boolean stdinOnce) {
  public ContainerStdio {
    if (log.isPresent() && !log.get().isAbsolute()) {
      throw new IllegalArgumentException("log path is not absolute: " + log.get());
    }
  }

  public static ContainerStdio logged(Path log) {
    return new ContainerStdio(Optional.of(log), false, false, false);
  }
}
