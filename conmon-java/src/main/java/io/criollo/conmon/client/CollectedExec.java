// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A command whose output one thread passes on, until another says that nobody wants it any more:
/// then the monitor ends it.
final class CollectedExec {
  private final Path socket;
  private final ExecRequest request;
  private final ExecOutput output;
  private Optional<Wire> wire = Optional.empty();
  private boolean left;

  CollectedExec(Path socket, ExecRequest request, ExecOutput output) {
    this.socket = socket;
    this.request = request;
    this.output = output;
  }

  /// {@return the exit code}
  int collect() throws IOException, MonitorException {
    try (Wire begun = Requests.begin(socket, request)) {
      begun(begun);
      return Requests.passOn(begun, output);
    } catch (InterruptedException e) {
      throw new MonitorException(FailureKind.UNAVAILABLE, "the caller has left", e);
    }
  }

  /// Nobody wants the result any more.
  synchronized void leave() {
    left = true;
    wire.ifPresent(CollectedExec::hangUp);
  }

  private synchronized void begun(Wire fresh) throws MonitorException {
    wire = Optional.of(fresh);
    if (left) {
      hangUp(fresh);
      throw new MonitorException(FailureKind.UNAVAILABLE, "the caller has left");
    }
  }

  private static void hangUp(Wire wire) {
    try (wire) {
      wire.send(new Request.HangUp());
    } catch (IOException _) { // it has ended by itself
      return;
    }
  }
}
