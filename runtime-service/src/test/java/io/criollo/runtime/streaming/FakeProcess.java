// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// A process that is a piece of Java on a thread: its input is a real pipe, its output a queue of
/// few pieces.
final class FakeProcess implements StreamSession {
  /// What the process does; the result is its exit code.
  @FunctionalInterface
  interface Program {
    int run(FakeProcess self) throws Exception;
  }

  final InputStream stdin;
  final OutputStream stdout = new Printer(false);
  final OutputStream stderr = new Printer(true);
  final BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();
  final CountDownLatch released = new CountDownLatch(1);
  private final Pipe input = Pipe.open();
  private final BlockingQueue<Optional<Output>> output = new ArrayBlockingQueue<>(4);
  private final Thread thread;
  private volatile boolean left;
  private volatile int exitCode;

  private FakeProcess(Program program) throws IOException {
    stdin = Channels.newInputStream(input.source());
    thread = Thread.ofVirtual().unstarted(() -> live(program));
  }

  static FakeProcess start(Program program) throws IOException {
    var process = new FakeProcess(program);
    process.thread.start();
    return process;
  }

  private void live(Program program) {
    try {
      exitCode = program.run(this);
      output.put(Optional.empty());
    } catch (Exception e) {
      exitCode = 254;
    }
  }

  @Override
  public Optional<Output> read() throws IOException, InterruptedException {
    var next = output.take();
    if (left) {
      throw new IOException("left");
    }
    return next;
  }

  @Override
  public int exitCode() {
    return exitCode;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      input.sink().write(rest);
    }
  }

  @Override
  public void endInput() throws IOException {
    input.sink().close();
  }

  @Override
  public void resize(TerminalSize size) {
    sizes.add(size);
  }

  @Override
  public void leave() {
    left = true;
    var _ = output.offer(Optional.empty()); // or there is enough to wake the reader
  }

  boolean left() {
    return left;
  }

  @Override
  public void close() throws IOException {
    input.sink().close();
    input.source().close();
    thread.interrupt();
    output.clear();
    output.add(Optional.empty());
    released.countDown();
  }

  private final class Printer extends OutputStream {
    private final boolean toStderr;

    private Printer(boolean toStderr) {
      this.toStderr = toStderr;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        var copy = Arrays.copyOfRange(bytes, offset, offset + length);
        output.put(Optional.of(new Output(toStderr, ByteBuffer.wrap(copy))));
      } catch (InterruptedException e) {
        throw new InterruptedIOException("the session is closed");
      }
    }
  }
}
