// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// One exec or attach as seen from the streaming server; channels that were not asked for are never
/// touched. The channels block; closing one from another thread ends a read or write in it. Closing
/// `stdin` is the end of input. `stdout` and `stderr` end when the process has ended and all that
/// it wrote is read. `exit` is the exit code, or 128 + signal. Closing the session frees
/// everything, also while the process lives: its client is gone.
public record StreamSession(
    WritableByteChannel stdin,
    ReadableByteChannel stdout,
    ReadableByteChannel stderr,
    Consumer<TerminalSize> resize,
    Future<Integer> exit,
    Runnable release)
    implements AutoCloseable {

  /// Starts or joins the process of a request; refuses with an exception whose message the user
  /// sees.
  @FunctionalInterface
  public interface Opener<R> {
    StreamSession open(R request) throws Exception;
  }

  @Override
  public void close() {
    release.run();
  }
}
