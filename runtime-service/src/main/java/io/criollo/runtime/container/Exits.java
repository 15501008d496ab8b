// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.ExitListener;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.runtime.state.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Hears from the monitor, on its exit thread, that a container has ended, and writes it down.
public final class Exits implements ExitListener {
  private final Containers containers;

  public Exits(Containers containers) {
    this.containers = containers;
  }

  @Override
  public void exited(ExitRecord exit) {
    var container = containers.find(exit.containerId());
    if (container.isEmpty()) {
      return; // still being made: CreateContainer asks when it is done
    }
    try {
      container.get().ended(exit.at(), exit.exitCode(), exit.oomKilled(), exit.reason());
    } catch (IOException e) {
      throw new UncheckedIOException("record the end of container " + exit.containerId(), e);
    }
  }
}
