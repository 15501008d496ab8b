// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Stream sockets of unix(7) by descriptor, with descriptors passed along. Blocking calls: platform
/// threads, or `nonBlocking` and [Poller].
public final class UnixSockets {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int LONGEST_PATH = 107;
  private static final int MSG_PEEK = 2;

  /// The kernel's own limit (net.core.somaxconn) holds if it is smaller.
  private static final int BACKLOG = 4096;

  private UnixSockets() {}

  static Fd socket(int family, int type) throws LinuxException {
    var result = Syscall.SOCKET.call(family, type | OpenFlags.O_CLOEXEC, 0);
    if (result < 0) {
      throw Syscall.SOCKET.failed(result, "make a socket");
    }
    return Fd.adopt((int) result);
  }

  /// Listens at `path` with exactly these permissions, never wider on the way. A socket there that
  /// nobody serves is replaced.
  ///
  /// @throws LinuxException EADDRINUSE when somebody listens there, or it is no socket
  public static Fd listen(Path path, int mode) throws LinuxException {
    try (var dir = DirFd.parentOf(path)) {
      var name = path.getFileName().toString();
      removeStale(path, dir, name);
      var socket = socket(AF_UNIX, SOCK_STREAM);
      try {
        socket.chmod(mode); // bind makes the file with these bits, less the umask
        address(Syscall.BIND, "bind", socket, path);
        dir.chmod(name, mode);
        var _ = socket.run(Syscall.LISTEN, "listen at " + path + ",", BACKLOG, 0, 0);
        return socket;
      } catch (LinuxException e) {
        socket.close();
        throw e;
      }
    }
  }

  private static void removeStale(Path path, DirFd dir, String name) throws LinuxException {
    var found = dir.find(name);
    if (found.isEmpty() || (found.get().mode() & FileStat.S_IFMT) != FileStat.S_IFSOCK) {
      return;
    }
    try (var _ = connect(path)) {
      throw new LinuxException(Errno.EADDRINUSE, "listen at " + path, "another process serves it");
    } catch (LinuxException e) {
      if (e.errno() != Errno.ECONNREFUSED) {
        throw e;
      }
      dir.unlink(name);
    }
  }

  /// Waits, blocking, for a connection. [#shutdown] of the listener ends the wait with EINVAL.
  public static Fd accept(Fd listener) throws LinuxException {
    return Fd.adopt((int) listener.run(Syscall.ACCEPT4, "accept at", 0, 0, OpenFlags.O_CLOEXEC));
  }

  public static Fd connect(Path path) throws LinuxException {
    return connect(path, SOCK_STREAM);
  }

  private static Fd connect(Path path, int type) throws LinuxException {
    var socket = socket(AF_UNIX, type);
    try {
      address(Syscall.CONNECT, "connect", socket, path);
      return socket;
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  /// {@return a socket on which each send is one message to who reads at this path}
  public static Fd connectDatagram(Path path) throws LinuxException {
    return connect(path, SOCK_DGRAM);
  }

  /// {@return a socket that receives such messages; the path must not exist}
  public static Fd bindDatagram(Path path) throws LinuxException {
    var socket = socket(AF_UNIX, SOCK_DGRAM);
    try {
      address(Syscall.BIND, "bind", socket, path);
      return socket;
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  /// {@return two connected sockets}
  public static Fd[] pair() throws LinuxException {
    return pair(SOCK_STREAM);
  }

  /// {@return two connected sockets that keep messages apart, and hold as many bytes of them (Linux
  /// counts about a thousand for each) as `capacity` says}
  public static Fd[] packetPair(int capacity) throws LinuxException {
    Fd[] pair = pair(SOCK_SEQPACKET);
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocateFrom(ValueLayout.JAVA_INT, capacity);
      for (Fd end : pair) {
        var _ =
            end.run(
                Syscall.SETSOCKOPT,
                "enlarge",
                SOL_SOCKET,
                SO_SNDBUFFORCE,
                size.address(),
                size.byteSize());
      }
      return pair;
    } catch (LinuxException e) {
      pair[0].close();
      pair[1].close();
      throw e;
    }
  }

  private static Fd[] pair(int type) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var fds = arena.allocate(8, 4);
      var result = Syscall.SOCKETPAIR.call(AF_UNIX, type | OpenFlags.O_CLOEXEC, 0, fds.address());
      if (result < 0) {
        throw Syscall.SOCKETPAIR.failed(result, "make a pair of sockets");
      }
      return new Fd[] {
        Fd.adopt(fds.get(ValueLayout.JAVA_INT, 0)), Fd.adopt(fds.get(ValueLayout.JAVA_INT, 4))
      };
    }
  }

  /// Ends both directions; whoever reads, writes or accepts on it is woken.
  public static void shutdown(Fd socket) throws LinuxException {
    var _ = socket.run(Syscall.SHUTDOWN, "shut down", 2 /* SHUT_RDWR */, 0, 0);
  }

  /// Ends our direction of sending: the peer reads the end of the stream.
  public static void shutdownOutput(Fd socket) throws LinuxException {
    var _ = socket.run(Syscall.SHUTDOWN, "shut down", 1 /* SHUT_WR */, 0, 0);
  }

  /// Sends bytes of a direct buffer, and copies of descriptors with the first of them.
  ///
  /// @param descriptors at most 253; then the buffer must not be empty
  /// @return bytes sent, perhaps fewer than remained; 0, and no descriptor sent, when it would
  ///   block
  public static int send(Fd socket, ByteBuffer from, List<Fd> descriptors) throws LinuxException {
    return SocketMessage.send(socket, from, descriptors);
  }

  /// Receives into a direct buffer; the descriptors that came with it now belong to the caller.
  public static Received receive(Fd socket, ByteBuffer into) throws LinuxException {
    return SocketMessage.receive(socket, into, 0);
  }

  /// As [#receive], but what is waiting stays there: the descriptors are further copies.
  public static Received peek(Fd socket, ByteBuffer into) throws LinuxException {
    return SocketMessage.receive(socket, into, MSG_PEEK);
  }

  /// What one receive gave.
  ///
  /// @param count bytes; 0 when it would block; -1 at the end of the stream
  public record Received(int count, List<Fd> descriptors) {
    public Received {
      descriptors = List.copyOf(descriptors);
    }
  }

  public static PeerCredentials peer(Fd socket) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var credentials = arena.allocate(12, 4);
      var length = arena.allocateFrom(ValueLayout.JAVA_INT, 12);
      var number = socket.acquire();
      try {
        var result =
            Syscall.GETSOCKOPT.call(
                number, SOL_SOCKET, SO_PEERCRED, credentials.address(), length.address());
        if (result < 0) {
          throw Syscall.GETSOCKOPT.failed(result, "read the peer of descriptor " + number);
        }
      } finally {
        socket.release();
      }
      return new PeerCredentials(
          credentials.get(ValueLayout.JAVA_INT, 0),
          credentials.get(ValueLayout.JAVA_INT, 4),
          credentials.get(ValueLayout.JAVA_INT, 8));
    }
  }

  /// Binds or connects; a path too long for `sockaddr_un` goes through its directory's descriptor.
  private static void address(Syscall call, String verb, Fd socket, Path path)
      throws LinuxException {
    if (KernelString.encode(path.toString()).length <= LONGEST_PATH) {
      address(call, verb, socket, path, path);
      return;
    }
    try (var dir = DirFd.parentOf(path)) {
      address(call, verb, socket, dir.fd().procPath().resolve(path.getFileName()), path);
    }
  }

  private static void address(Syscall call, String verb, Fd socket, Path shorter, Path path)
      throws LinuxException {
    var bytes = KernelString.encode(shorter.toString());
    if (bytes.length > LONGEST_PATH) {
      throw new LinuxException(Errno.ENAMETOOLONG, verb + " " + path, "");
    }
    try (var arena = Arena.ofConfined()) {
      // struct sockaddr_un { u16 family; char path[108]; }
      var address = arena.allocate(110, 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
      var number = socket.acquire();
      try {
        var result = call.call(number, address.address(), 2 + bytes.length + 1);
        if (result < 0) {
          throw call.failed(result, verb + " " + path);
        }
      } finally {
        socket.release();
      }
    }
  }
}
