// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.nio.file.Path;
import java.util.Optional;

/// Where a container's standard streams go. `log` is absolute; without it the output is discarded.
public record ContainerStdio(
    Optional<Path> log,
    LogPolicy policy,
    StreamOwner owner,
    boolean terminal,
    boolean stdin,
    boolean stdinOnce) {
  public ContainerStdio {
    if (log.isPresent() && !log.get().isAbsolute()) {
      throw new IllegalArgumentException("log path is not absolute: " + log.get());
    }
  }

  public ContainerStdio(Optional<Path> log, boolean terminal, boolean stdin, boolean stdinOnce) {
    this(log, LogPolicy.PLAIN, StreamOwner.ROOT, terminal, stdin, stdinOnce);
  }

  /// {@return whether the container reads the end of its input once nobody of ours holds it open}
  public boolean inputEnds() {
    return stdin && stdinOnce && !terminal;
  }

  public static ContainerStdio logged(Path log) {
    return logged(log, LogPolicy.PLAIN);
  }

  public static ContainerStdio logged(Path log, LogPolicy policy) {
    return new ContainerStdio(Optional.of(log), policy, StreamOwner.ROOT, false, false, false);
  }
}
