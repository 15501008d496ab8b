// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.util.List;

/// What the monitor answers.
public sealed interface Reply extends Message
    permits CreatedProcess,
        ExitRecord,
        Reply.Done,
        Reply.Failed,
        Reply.Listing,
        Reply.ExecEnded,
        Reply.Started {
  record Done() implements Reply {}

  record Failed(FailureKind kind, String message) implements Reply {}

  record Listing(List<MonitoredContainer> containers) implements Reply {
    public Listing {
      containers = List.copyOf(containers);
    }
  }

  /// Streams begin.
  record Started() implements Reply {}

  /// The end of an exec; its output came before, in frames of its own.
  record ExecEnded(int exitCode) implements Reply {}
}
