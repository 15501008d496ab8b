// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.linux.Signals;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.LiveProcess;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Signals for the first process of a container, which only the OCI runtime can reach when it is in
/// a sandbox.
public final class SendSignal {
  private static final System.Logger LOG = System.getLogger(SendSignal.class.getName());

  /// A sandbox that stands still makes the runtime wait for it.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Runtimes runtimes;

  public SendSignal(Runtimes runtimes) {
    this.runtimes = runtimes;
  }

  /// Sends it, if the process is still there.
  ///
  /// @return why it could not be sent
  Optional<String> to(Container container, LiveProcess process, int signal)
      throws IOException, InterruptedException {
    var handler = container.record().place().handler();
    if (!runtimes.sandboxes(handler)) {
      Processes.signal(process, signal);
      return Optional.empty();
    }
    var runtime = runtimes.installed(handler);
    if (runtime.isPresent()) {
      return ask(runtime.get(), container, signal);
    }
    if (signal == Signals.SIGKILL) {
      Processes.signal(process, signal); // what waits for it here; it ends with its pod
    }
    return failed(container, "runtime handler " + handler + " is not installed any more");
  }

  private static Optional<String> ask(OciRuntime runtime, Container container, int signal)
      throws IOException, InterruptedException {
    try {
      runtime.kill(container.hex(), signal, LIMIT);
      return Optional.empty();
    } catch (OciRuntimeException e) { // for one, because it has just ended
      return failed(container, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> failed(Container container, String reason) {
    LOG.log(Level.WARNING, "a signal for container {0}: {1}", container.id(), reason);
    return Optional.of(reason);
  }
}
