// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The socket on which an OCI runtime hands over the master of a terminal (runc's
/// `--console-socket`). Its path is short: runtimes take no more than `sockaddr_un` does. Who opens
/// it closes it.
record ConsoleSocket(Path path, Fd listener) implements AutoCloseable {
  private static final AtomicLong COUNTER = new AtomicLong();

  static ConsoleSocket listen(Path runDir) throws IOException {
    Path folder = Files.createDirectories(runDir.resolve("exec"));
    Path path = folder.resolve(COUNTER.incrementAndGet() + ".tty");
    Files.deleteIfExists(path);
    return new ConsoleSocket(path, UnixSockets.listen(path, 0600));
  }

  /// Receives the master that a runtime which has ended successfully has sent.
  Fd receive() throws IOException {
    listener.nonBlocking(true);
    try (Fd connection = UnixSockets.accept(listener)) {
      var name = ByteBuffer.allocateDirect(4096);
      List<Fd> descriptors = UnixSockets.receive(connection, name).descriptors();
      if (descriptors.size() != 1) {
        descriptors.forEach(Fd::close);
        throw new LinuxException(
            Errno.EPROTO, "receive a terminal", descriptors.size() + " descriptors came");
      }
      return descriptors.getFirst();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(path);
  }
}
