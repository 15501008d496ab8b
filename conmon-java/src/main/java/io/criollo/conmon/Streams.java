// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.io.Pipes;
import io.criollo.conmon.io.Terminal;
import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.log.LogBuffers;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.StreamOwner;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The FIFOs of one container. The container holds both ends of each, so that nothing that happens
/// to the monitor breaks its pipes, and a monitor can open them again by name.
final class Streams {
  private static final int PIPE_SIZE = 1 << 20;
  private static final int MODE = 0600; // the runtime gives them to the container's user

  private Streams() {}

  static void make(ContainerFolder folder, ContainerStdio stdio) throws LinuxException {
    StreamOwner owner = stdio.owner();
    fifo(folder.fifo("stdout"), owner);
    if (!stdio.terminal()) {
      fifo(folder.fifo("stderr"), owner);
    }
    if (stdio.stdin() && !stdio.terminal()) {
      fifo(folder.fifo("stdin"), owner);
    }
  }

  static void fifo(Path path, StreamOwner owner) throws LinuxException {
    Fifo.create(path, MODE);
    if (!owner.equals(StreamOwner.ROOT)) {
      try (var folder = DirFd.parentOf(path)) {
        folder.chown(path.getFileName().toString(), owner.uid(), owner.gid());
      }
    }
  }

  /// [CriLogWriter#open] for a new container, [CriLogWriter#goOn] for one that lives.
  @FunctionalInterface
  interface LogOpening {
    CriLogWriter open(LogBuffers buffers, Path folder, String id, ContainerStdio stdio)
        throws IOException;
  }

  /// Opens the monitor's descriptors, not blocking. On the I/O thread.
  ///
  /// @param master of a container with a terminal, if it is at hand; taken over
  static ContainerIo open(
      Shared shared, CreateRequest request, Optional<Fd> master, LogOpening opening)
      throws IOException {
    var folder = ContainerFolder.of(shared.runDir(), request.id());
    ContainerStdio stdio = request.stdio();
    var log = opening.open(shared.buffers(), folder.path(), request.id(), stdio);
    var opened = new ArrayList<Fd>();
    try {
      Fd stdout = keep(opened, Fifo.openBoth(folder.fifo("stdout")));
      if (stdio.terminal()) {
        enlarge(stdout, PIPE_SIZE);
        return new Terminal(shared.loop(), log, stdout, master);
      }
      Fd stderr = keep(opened, Fifo.openBoth(folder.fifo("stderr")));
      Optional<Fd> stdin =
          stdio.stdin() && !folder.inputEnded()
              ? Optional.of(keep(opened, Fifo.openBoth(folder.fifo("stdin"))))
              : Optional.empty();
      var fifos = Map.of(Stream.STDOUT, stdout, Stream.STDERR, stderr);
      return new Pipes(shared.loop(), log, fifos, stdin);
    } catch (IOException e) {
      opened.forEach(Fd::close);
      log.close();
      throw e;
    }
  }

  private static Fd keep(List<Fd> opened, Fd fd) {
    opened.add(fd);
    return fd;
  }

  /// {@return descriptors for a container without a terminal, by number; the caller closes them}
  static Map<Integer, Fd> forContainer(ContainerFolder folder, ContainerStdio stdio)
      throws LinuxException {
    var fds = new HashMap<Integer, Fd>();
    try {
      if (stdio.stdin()) {
        fds.put(0, input(folder.fifo("stdin"), stdio.stdinOnce()));
      }
      fds.put(1, blocking(Fifo.openBoth(folder.fifo("stdout"))));
      fds.put(2, blocking(Fifo.openBoth(folder.fifo("stderr"))));
      return fds;
    } catch (LinuxException e) {
      fds.values().forEach(Fd::close);
      throw e;
    }
  }

  /// Input that ends once must not be held open by its reader.
  private static Fd input(Path fifo, boolean once) throws LinuxException {
    return blocking(once ? Fifo.openRead(fifo) : Fifo.openBoth(fifo));
  }

  private static Fd blocking(Fd fd) throws LinuxException {
    try {
      fd.nonBlocking(false);
      enlarge(fd, PIPE_SIZE);
      return fd;
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }

  /// The kernel's size will do where we may not enlarge it.
  static void enlarge(Fd fifo, int size) throws LinuxException {
    try {
      var _ = fifo.pipeSize(size);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
    }
  }
}
