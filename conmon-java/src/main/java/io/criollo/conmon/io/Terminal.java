// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.Pty;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pseudo-terminal of one container: its output goes through a FIFO, and from there as with
/// [Pipes], so that a kill loses nothing that was taken from it. After a takeover it waits for the
/// daemon to give the terminal back.
public final class Terminal implements ContainerIo {
  private static final int CHUNK = 64 << 10;
  private final EventLoop loop;
  private final Fd fifo;
  private final Pipes pipes;
  private Optional<Fd> master;

  /// Takes over all descriptors and the log.
  public Terminal(EventLoop loop, CriLogWriter log, Fd fifo, Optional<Fd> master) {
    this.loop = loop;
    this.fifo = fifo;
    this.pipes = new Pipes(loop, log, Map.of(Stream.STDOUT, fifo), Optional.empty());
    this.master = master;
  }

  @Override
  public void start() throws IOException {
    pipes.start();
    if (master.isPresent()) {
      watch(master.get());
    }
  }

  private void watch(Fd terminal) throws IOException {
    terminal.nonBlocking(true);
    loop.watch(
        terminal,
        () -> {
          if (FileRange.splice(terminal, fifo, CHUNK) < 0) {
            loop.unwatch(terminal); // nobody has it open any more
          }
        });
  }

  /// Goes on with a terminal that the daemon held.
  public void giveBack(Fd terminal) throws IOException {
    if (master.isPresent()) {
      terminal.close();
      return;
    }
    master = Optional.of(terminal);
    watch(terminal);
  }

  public Optional<Fd> master() {
    return master;
  }

  public void resize(Pty.Size size) throws IOException {
    if (master.isPresent()) {
      Pty.resize(master.get(), size);
    }
  }

  @Override
  public void finish() throws IOException {
    while (master.isPresent() && FileRange.splice(master.get(), fifo, CHUNK) > 0) {
      pipes.take(Stream.STDOUT);
    }
    pipes.finish();
  }

  @Override
  public CriLogWriter log() {
    return pipes.log();
  }

  @Override
  public AttachHub hub() {
    return pipes.hub();
  }

  @Override
  public Optional<Fd> input() {
    return master;
  }

  @Override
  public List<Fd> vital() {
    return master.isPresent() ? List.of(master.get(), fifo) : List.of(fifo);
  }

  /// A terminal stays open: its user types the end of the file.
  @Override
  public void closeInput() {}

  @Override
  public void close() {
    master.ifPresent(loop::unwatch);
    master.ifPresent(Fd::close);
    pipes.close();
  }
}
