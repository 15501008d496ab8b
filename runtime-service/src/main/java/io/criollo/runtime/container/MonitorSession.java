// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.protocol.Stream;
import io.criollo.runtime.streaming.StreamSession;
import io.criollo.runtime.streaming.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The monitor's end of an exec or attach, as the streaming server takes it.
record MonitorSession(Session session) implements StreamSession {
  @FunctionalInterface
  private interface Asking<T> {
    T run() throws MonitorException;
  }

  @FunctionalInterface
  private interface Telling {
    void run() throws MonitorException;
  }

  @Override
  public Optional<Output> read() throws IOException {
    return ask(session::read)
        .map(data -> new Output(data.stream() == Stream.STDERR, ByteBuffer.wrap(data.bytes())));
  }

  @Override
  public int exitCode() throws IOException {
    return session.exitCode().orElseThrow(() -> new IOException("the exit code is not known"));
  }

  @Override
  public void write(byte[] input) throws IOException {
    tell(() -> session.write(input));
  }

  @Override
  public void endInput() throws IOException {
    tell(session::closeInput);
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    tell(() -> session.resize(size.width(), size.height()));
  }

  @Override
  public void leave() throws IOException {
    tell(session::leave);
  }

  @Override
  public void close() throws IOException {
    tell(session::close);
  }

  private static void tell(Telling telling) throws IOException {
    ask(() -> {
      telling.run();
      return true;
    });
  }

  private static <T> T ask(Asking<T> asking) throws IOException {
    try {
      return asking.run();
    } catch (MonitorException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
