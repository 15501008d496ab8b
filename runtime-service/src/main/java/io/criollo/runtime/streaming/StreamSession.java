// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// One exec or attach as seen from the streaming server. One thread reads, one writes input, one
/// resizes; all block. Closing or leaving it, from any thread, frees everything and wakes them,
/// also while the process lives.
public interface StreamSession extends AutoCloseable {
  /// A piece of what the process printed.
  record Output(boolean stderr, ByteBuffer bytes) {}

  /// Starts or joins the process of a request; refuses with an exception whose message the user
  /// sees.
  @FunctionalInterface
  interface Opener<R> {
    StreamSession open(R request) throws Exception;
  }

  /// Waits for output.
  ///
  /// @return empty once the process has ended and all that it printed is read
  Optional<Output> read() throws IOException, InterruptedException;

  /// {@return how the process ended, 128 + signal for a signal, once [#read] has come to the end}
  int exitCode() throws IOException;

  /// Waits while the process takes no input.
  void write(byte[] input) throws IOException, InterruptedException;

  /// No more input comes.
  void endInput() throws IOException;

  void resize(TerminalSize size) throws IOException;

  /// The daemon ends: the process goes on as if nothing had happened.
  void leave() throws IOException;

  /// The client is gone: a terminal is hung up.
  @Override
  void close() throws IOException;
}
