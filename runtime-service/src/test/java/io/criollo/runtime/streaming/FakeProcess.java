// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// A process that is a piece of Java on a thread, with real pipes as its streams.
final class FakeProcess {
  /// What the process does; the result is its exit code.
  @FunctionalInterface
  interface Program {
    int run(FakeProcess self) throws Exception;
  }

  private final Pipe in = Pipe.open();
  private final Pipe out = Pipe.open();
  private final Pipe err = Pipe.open();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  final InputStream stdin = Channels.newInputStream(in.source());
  final OutputStream stdout = Channels.newOutputStream(out.sink());
  final OutputStream stderr = Channels.newOutputStream(err.sink());
  final BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();
  final CountDownLatch released = new CountDownLatch(1);

  private FakeProcess() throws IOException {}

  static FakeProcess start(Program program) throws IOException {
    var process = new FakeProcess();
    Thread.ofVirtual().start(() -> process.live(program));
    return process;
  }

  StreamSession session() {
    return new StreamSession(
        in.sink(), out.source(), err.source(), sizes::add, exit, this::release);
  }

  private void live(Program program) {
    int code = 255;
    try {
      code = program.run(this);
    } catch (Exception e) {
      code = 254;
    } finally {
      close(List.of(out.sink(), err.sink(), in.source()));
      exit.complete(code);
    }
  }

  private void release() {
    close(List.of(in.sink(), out.source(), err.source(), out.sink(), err.sink()));
    released.countDown();
  }

  private static void close(List<? extends Channel> channels) {
    for (var channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
