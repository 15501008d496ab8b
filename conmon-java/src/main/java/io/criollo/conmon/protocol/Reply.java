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
        Reply.Started,
        Reply.Taken {
  record Done() implements Reply {}

  record Failed(FailureKind kind, String message) implements Reply {}

  record Listing(List<MonitoredContainer> containers) implements Reply {
    public Listing {
      containers = List.copyOf(containers);
    }
  }

  /// Streams begin.
  record Started() implements Reply {}

  /// So many bytes of a session's input have been taken.
  record Taken(int count) implements Reply {}

  /// The end of an exec; its output came before, in frames of its own.
  record ExecEnded(int exitCode) implements Reply {}
}
