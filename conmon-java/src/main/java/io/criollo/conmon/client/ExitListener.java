// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.MonitoredContainer;
import java.util.List;

/// Hears of each exit at least once, in order, on the client's one exit thread; also of those that
/// happened while the daemon was away. When it returns the exit counts as taken.
public interface ExitListener {
  void exited(ExitRecord exit);

  /// Asks the monitor for all containers that it knows.
  @FunctionalInterface
  interface Listing {
    List<MonitoredContainer> list() throws MonitorException;
  }

  /// Another monitor has taken over what it found; called before any exit that it tells.
  ///
  /// @throws MonitorException when it does not answer; called again with the next one
  default void monitorReplaced(Listing monitor) throws MonitorException {}
}
