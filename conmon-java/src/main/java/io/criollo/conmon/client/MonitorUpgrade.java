// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Puts another program in the place of the monitor that runs, on an operator's command, with the
/// daemon or without. Blocks.
public final class MonitorUpgrade {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  private MonitorUpgrade() {}

  /// Returns when the program that the settings name answers.
  ///
  /// @return the process that it runs in, as the one before it
  /// @throws MonitorException UNAVAILABLE when none runs; SYSTEM when the program cannot be
  ///   executed, and the old one goes on; UNSUPPORTED when the one that runs cannot do it
  public static long run(MonitorSettings settings) throws MonitorException {
    long before = ask(settings);
    long after = await(settings);
    if (after != before) {
      throw new MonitorException(
          FailureKind.SYSTEM,
          "the new program did not live in process %d; the daemon has started %d since, and no output is lost"
              .formatted(before, after));
    }
    return after;
  }

  private static long ask(MonitorSettings settings) throws MonitorException {
    long pid;
    try {
      pid = Requests.hello(settings.socket()).pid();
    } catch (IOException e) {
      throw new MonitorException(
          FailureKind.UNAVAILABLE, "no monitor answers at " + settings.socket(), e);
    }
    try (Wire wire = Requests.begin(settings.socket(), new Request.Upgrade(settings.command()))) {
      Optional<Frame> answer = wire.receive();
      if (answer.isPresent() && answer.get() instanceof Frame.Text(Reply.Failed failed)) {
        throw new MonitorException(failed.kind(), failed.message());
      }
    } catch (IOException _) { // cut off: so it ends when it is done
      return pid;
    }
    return pid;
  }

  private static long await(MonitorSettings settings) throws MonitorException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Requests.hello(settings.socket()).pid();
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new MonitorException(
              FailureKind.UNAVAILABLE, "no monitor has answered for " + PATIENCE, e);
        }
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
