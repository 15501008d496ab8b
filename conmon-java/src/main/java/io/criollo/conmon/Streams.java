// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.LinuxException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The FIFOs of one container. The container holds both ends of each, so that nothing that happens
/// to the monitor breaks its pipes, and a monitor can open them again by name.
final class Streams {
  private static final int PIPE_SIZE = 1 << 20;
  private static final int MODE = 0600; // the runtime gives them to the container's user

  private Streams() {}

  static void make(ContainerFolder folder, ContainerStdio stdio) throws LinuxException {
    if (stdio.stdin()) {
      Fifo.create(folder.fifo("stdin"), MODE);
    }
    Fifo.create(folder.fifo("stdout"), MODE);
    Fifo.create(folder.fifo("stderr"), MODE);
  }

  /// {@return the monitor's descriptors of stdout and stderr, not blocking}
  static Map<Stream, Fd> open(ContainerFolder folder) throws LinuxException {
    var fifos = new EnumMap<Stream, Fd>(Stream.class);
    try {
      fifos.put(Stream.STDOUT, Fifo.openBoth(folder.fifo("stdout")));
      fifos.put(Stream.STDERR, Fifo.openBoth(folder.fifo("stderr")));
      return fifos;
    } catch (LinuxException e) {
      fifos.values().forEach(Fd::close);
      throw e;
    }
  }

  /// {@return descriptors for the container by number, blocking; the caller closes them}
  static Map<Integer, Fd> forContainer(ContainerFolder folder, ContainerStdio stdio)
      throws LinuxException {
    var fds = new HashMap<Integer, Fd>();
    try {
      if (stdio.stdin()) {
        fds.put(0, blocking(folder.fifo("stdin")));
      }
      fds.put(1, blocking(folder.fifo("stdout")));
      fds.put(2, blocking(folder.fifo("stderr")));
      return fds;
    } catch (LinuxException e) {
      fds.values().forEach(Fd::close);
      throw e;
    }
  }

  private static Fd blocking(Path fifo) throws LinuxException {
    Fd fd = Fifo.openBoth(fifo);
    try {
      fd.nonBlocking(false);
      enlarge(fd);
      return fd;
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }

  /// The kernel's size will do where we may not enlarge it.
  private static void enlarge(Fd fifo) throws LinuxException {
    try {
      Fifo.capacity(fifo, PIPE_SIZE);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
    }
  }
}
