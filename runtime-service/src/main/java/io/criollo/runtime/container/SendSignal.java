// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.LiveProcess;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// Signals for the first process of a container, which only the OCI runtime can reach when it is in
/// a sandbox.
public final class SendSignal {
  private static final System.Logger LOG = System.getLogger(SendSignal.class.getName());

  private final Runtimes runtimes;

  public SendSignal(Runtimes runtimes) {
    this.runtimes = runtimes;
  }

  /// Sends it, if the process is still there.
  void to(Container container, LiveProcess process, int signal)
      throws IOException, InterruptedException {
    if (!runtimes.sandboxes(container.record().place().handler())) {
      Processes.signal(process, signal);
      return;
    }
    try {
      runtimes.of(container).kill(container.hex(), signal, false);
    } catch (OciRuntimeException e) { // for one, because it has just ended
      LOG.log(Level.WARNING, "container {0}: {1}", container.id(), e.getMessage());
    }
  }
}
