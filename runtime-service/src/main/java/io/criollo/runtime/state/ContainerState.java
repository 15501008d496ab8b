// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/// What a container is.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContainerState.Created.class, name = "created"),
  @JsonSubTypes.Type(value = ContainerState.Running.class, name = "running"),
  @JsonSubTypes.Type(value = ContainerState.Exited.class, name = "exited"),
  @JsonSubTypes.Type(value = ContainerState.Lost.class, name = "lost")
})
public sealed interface ContainerState {
  /// All is there but the first process.
  record Created() implements ContainerState {}

  /// The first process runs.
  record Running(LiveProcess process, Instant startedAt) implements ContainerState {}

  /// The first process has ended.
  ///
  /// @param startedAt the epoch when it was never started
  /// @param exitCode 128 + signal when a signal ended it
  /// @param detail why there is no true exit code, or empty
  record Exited(
      Instant startedAt, Instant finishedAt, int exitCode, boolean oomKilled, String detail)
      implements ContainerState {
    /// The exit code of a container that the OCI runtime could not start, as with containerd.
    public static final int NOT_STARTED = 128;

    /// {@return whether the OCI runtime could not start it}
    public boolean refused() {
      return exitCode == NOT_STARTED && startedAt.equals(Instant.EPOCH);
    }
  }

  /// Nobody knows what became of it.
  record Lost(Instant startedAt, String detail) implements ContainerState {}

  /// {@return the word for it in messages}
  default String word() {
    return switch (this) {
      case Created _ -> "created";
      case Running _ -> "running";
      case Exited _ -> "exited";
      case Lost _ -> "lost";
    };
  }
}
