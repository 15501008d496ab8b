// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Owns one file descriptor, close-on-exec. Any thread may use and close it: the number is given
/// back to the kernel only when the last call that uses it has returned, so a closed `Fd` throws
/// EBADF and never touches a stranger's descriptor. Calls that may block belong on platform
/// threads. Who opens it closes it.
public final class Fd implements AutoCloseable {
  static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_GETPIPE_SZ = 1032;
  private static final int FIONREAD = 0x541B;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int SPLICE_F_NONBLOCK = 2;
  private static final int IOV_MAX = 1024;

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger holders = new AtomicInteger(1);

  private Fd(int number) {
    this.number = number;
  }

  /// Takes over a descriptor that nobody else closes.
  public static Fd adopt(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("descriptor " + number);
    }
    return new Fd(number);
  }

  /// openat(2).
  ///
  /// @param flags [OpenFlags]; O_CLOEXEC is added
  /// @param mode permission bits of a new file, less the umask
  public static Fd open(Path path, int flags, int mode) throws LinuxException {
    return open(AT_FDCWD, path.toString(), flags, mode);
  }

  static Fd open(int dirFd, String path, int flags, int mode) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var name = KernelString.allocate(arena, path);
      var result = Syscall.OPENAT.call(dirFd, name.address(), flags | OpenFlags.O_CLOEXEC, mode);
      if (result < 0) {
        throw Syscall.OPENAT.failed(result, "open " + path);
      }
      return adopt((int) result);
    }
  }

  /// openat2(2), Linux 5.6: `path` is walked from `dir` as `resolve` ([Resolve]) demands.
  ///
  /// @throws LinuxException EXDEV where the path leaves `dir` or its mount, ELOOP for a refused
  ///   link, EAGAIN when renames raced with the walk for too long
  public static Fd openAt2(Fd dir, String path, int flags, int mode, long resolve)
      throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var how = arena.allocate(24, 8);
      how.set(ValueLayout.JAVA_LONG, 0, Integer.toUnsignedLong(flags | OpenFlags.O_CLOEXEC));
      how.set(ValueLayout.JAVA_LONG, 8, mode);
      how.set(ValueLayout.JAVA_LONG, 16, resolve);
      var name = KernelString.allocate(arena, path);
      var number = dir.acquire();
      try {
        return openAt2(number, path, name, how);
      } finally {
        dir.release();
      }
    }
  }

  private static Fd openAt2(int dir, String path, MemorySegment name, MemorySegment how)
      throws LinuxException {
    var result = -(long) Errno.EAGAIN;
    for (var attempt = 0; result == -Errno.EAGAIN && attempt < 32; attempt++) {
      result = Syscall.OPENAT2.call(dir, name.address(), how.address(), how.byteSize());
    }
    if (result >= 0) {
      return adopt((int) result);
    }
    throw Syscall.OPENAT2.failed(result, "open " + path, openAt2Detail((int) -result));
  }

  private static String openAt2Detail(int errno) {
    return switch (errno) {
      case Errno.EXDEV -> "the path leaves its root or mount";
      case Errno.ELOOP -> "a link on the way is refused, or too many";
      case Errno.EAGAIN -> "raced with renames";
      default -> "";
    };
  }

  /// {@return the reading and the writing end}
  public static Fd[] pipe() throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var fds = arena.allocate(8, 4);
      var result = Syscall.PIPE2.call(fds.address(), OpenFlags.O_CLOEXEC);
      if (result < 0) {
        throw Syscall.PIPE2.failed(result, "make a pipe");
      }
      return new Fd[] {
        adopt(fds.get(ValueLayout.JAVA_INT, 0)), adopt(fds.get(ValueLayout.JAVA_INT, 4))
      };
    }
  }

  /// The number as it is now; whoever uses it keeps this `Fd` open meanwhile.
  ///
  /// @throws IllegalStateException when closed
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("descriptor " + number + " is closed");
    }
    return number;
  }

  /// {@return `/proc/self/fd/N`, a path to what is open here, for calls that know only paths}
  public Path procPath() {
    return Path.of(procPath(number()));
  }

  static String procPath(int number) {
    return "/proc/self/fd/" + number;
  }

  /// Keeps the number from being closed until [#release].
  int acquire() throws LinuxException {
    while (!closed.get()) {
      var count = holders.get();
      if (count > 0 && holders.compareAndSet(count, count + 1)) {
        return number;
      }
    }
    throw new LinuxException(Errno.EBADF, "use descriptor " + number, "it was closed");
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      var _ = Syscall.CLOSE.callOnce(number, 0, 0, 0, 0, 0);
    }
  }

  /// Closes it, now or when the calls under way have returned. Does nothing the second time.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }

  public boolean isOpen() {
    return !closed.get();
  }

  /// {@return another descriptor of the same open file}
  public Fd dup() throws LinuxException {
    return dup(3);
  }

  Fd dup(int lowest) throws LinuxException {
    return adopt((int) run(Syscall.FCNTL, "duplicate", F_DUPFD_CLOEXEC, lowest, 0));
  }

  /// {@return whether a write would be taken now; a socket says so while three quarters of its room
  /// are free}
  public boolean writable() throws LinuxException {
    return Poll.await(this, Poll.OUT, Duration.ZERO);
  }

  /// read(2) into the remaining room of a direct buffer, whose position moves on.
  ///
  /// @return bytes read; 0 when a non-blocking descriptor has none; -1 at the end of the file
  public int read(ByteBuffer into) throws LinuxException {
    if (into.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    var count = (int) transfer(Syscall.READ, into);
    return count == 0 ? -1 : Math.max(count, 0);
  }

  /// write(2) of what remains in a direct buffer, whose position moves on.
  ///
  /// @return bytes written, perhaps fewer than remained; 0 when a non-blocking descriptor takes
  ///   none
  public int write(ByteBuffer from) throws LinuxException {
    return from.hasRemaining() ? (int) Math.max(transfer(Syscall.WRITE, from), 0) : 0;
  }

  /// {@return the count, or -1 for EAGAIN}
  private long transfer(Syscall call, ByteBuffer buffer) throws LinuxException {
    requireDirect(buffer);
    acquire();
    try {
      var result = call.call(number, MemorySegment.ofBuffer(buffer).address(), buffer.remaining());
      if (result == -Errno.EAGAIN) {
        return -1;
      }
      if (result < 0) {
        throw call.failed(
            result, (call == Syscall.READ ? "read" : "write") + " descriptor " + number);
      }
      buffer.position(buffer.position() + (int) result);
      return result;
    } finally {
      Reference.reachabilityFence(buffer);
      release();
    }
  }

  /// writev(2) of direct buffers in order; each position moves on by what was taken of it.
  ///
  /// @return bytes written, perhaps fewer than remained; 0 when a non-blocking descriptor takes
  ///   none
  public long writev(ByteBuffer... from) throws LinuxException {
    var count = Math.min(from.length, IOV_MAX);
    acquire();
    try (var arena = Arena.ofConfined()) {
      var vectors = arena.allocate(16L * Math.max(count, 1), 8);
      for (var i = 0; i < count; i++) {
        requireDirect(from[i]);
        vectors.set(ValueLayout.JAVA_LONG, 16L * i, MemorySegment.ofBuffer(from[i]).address());
        vectors.set(ValueLayout.JAVA_LONG, 16L * i + 8, from[i].remaining());
      }
      var result = Syscall.WRITEV.call(number, vectors.address(), count);
      if (result < 0 && result != -Errno.EAGAIN) {
        throw Syscall.WRITEV.failed(result, "write descriptor " + number);
      }
      advance(from, Math.max(result, 0));
      return Math.max(result, 0);
    } finally {
      Reference.reachabilityFence(from);
      release();
    }
  }

  private static void advance(ByteBuffer[] buffers, long written) {
    var left = written;
    for (var i = 0; left > 0; i++) {
      var taken = (int) Math.min(left, buffers[i].remaining());
      buffers[i].position(buffers[i].position() + taken);
      left -= taken;
    }
  }

  private static void requireDirect(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a direct buffer is needed");
    }
  }

  /// Writes all of it, over as many calls as it takes.
  public void writeAll(byte[] bytes) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).asByteBuffer();
      while (buffer.hasRemaining()) {
        if (write(buffer) == 0) {
          throw new LinuxException(Errno.EAGAIN, "write descriptor " + number, "it does not block");
        }
      }
    }
  }

  /// Reads to the end.
  ///
  /// @throws LinuxException EFBIG when there is more than `limit` bytes
  public byte[] readAll(int limit) throws LinuxException {
    var out = new ByteArrayOutputStream();
    try (var arena = Arena.ofConfined()) {
      var chunk = arena.allocate(Math.clamp(limit + 1L, 1, 1 << 14)).asByteBuffer();
      while (read(chunk) > 0) {
        var bytes = new byte[chunk.flip().remaining()];
        chunk.get(bytes).clear();
        out.writeBytes(bytes);
        if (out.size() > limit) {
          throw new LinuxException(
              Errno.EFBIG, "read descriptor " + number, "more than " + limit + " bytes");
        }
      }
    }
    return out.toByteArray();
  }

  /// lseek(2) to `offset` bytes from the start.
  public void seek(long offset) throws LinuxException {
    var _ = run(Syscall.LSEEK, "seek", offset, 0, 0);
  }

  public void truncate(long size) throws LinuxException {
    var _ = run(Syscall.FTRUNCATE, "truncate", size, 0, 0);
  }

  /// Moves bytes from this to `to`, one of them a pipe, without copying (splice(2)).
  ///
  /// @return bytes moved; 0 at the end of the input; -1 when it would block
  public long splice(Fd to, long most) throws LinuxException {
    return move(Syscall.SPLICE, to, most);
  }

  /// Copies bytes from this pipe to the pipe `to`, and leaves them here too (tee(2)).
  ///
  /// @return bytes copied; 0 at the end of the input; -1 when it would block
  public long tee(Fd to, long most) throws LinuxException {
    return move(Syscall.TEE, to, most);
  }

  private long move(Syscall call, Fd to, long most) throws LinuxException {
    var target = to.acquire();
    try {
      acquire();
      try {
        var result =
            call == Syscall.TEE
                ? call.call(number, target, most, SPLICE_F_NONBLOCK)
                : call.call(number, 0, target, 0, most, SPLICE_F_NONBLOCK);
        if (result < 0 && result != -Errno.EAGAIN) {
          throw call.failed(result, "move from descriptor " + number + " to " + target);
        }
        return Math.max(result, -1);
      } finally {
        release();
      }
    } finally {
      to.release();
    }
  }

  /// {@return bytes that can be read now (FIONREAD)}
  public int available() throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(ValueLayout.JAVA_INT);
      var _ = run(Syscall.IOCTL, "count bytes in", FIONREAD, count.address(), 0);
      return count.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /// Sets how much a pipe holds; the kernel rounds up to pages.
  ///
  /// @return the size it has now
  /// @throws LinuxException EPERM beyond `/proc/sys/fs/pipe-max-size` without privilege
  public int pipeSize(int bytes) throws LinuxException {
    return (int) run(Syscall.FCNTL, "set the pipe size of", F_SETPIPE_SZ, bytes, 0);
  }

  public int pipeSize() throws LinuxException {
    return (int) run(Syscall.FCNTL, "read the pipe size of", F_GETPIPE_SZ, 0, 0);
  }

  /// Takes an exclusive lock of the open file (flock(2)), without waiting.
  ///
  /// @return false when another open file has it
  public boolean tryLock() throws LinuxException {
    acquire();
    try {
      var result = Syscall.FLOCK.call(number, LOCK_EX | LOCK_NB);
      if (result < 0 && result != -Errno.EAGAIN) {
        throw Syscall.FLOCK.failed(result, "lock descriptor " + number);
      }
      return result >= 0;
    } finally {
      release();
    }
  }

  /// O_NONBLOCK of the open file, which its duplicates share.
  public void nonBlocking(boolean on) throws LinuxException {
    var flags = run(Syscall.FCNTL, "read flags of", F_GETFL, 0, 0);
    var wanted = on ? flags | OpenFlags.O_NONBLOCK : flags & ~(long) OpenFlags.O_NONBLOCK;
    var _ = run(Syscall.FCNTL, "set flags of", F_SETFL, wanted, 0);
  }

  public void fsync() throws LinuxException {
    var _ = run(Syscall.FSYNC, "fsync", 0, 0, 0);
  }

  public void fdatasync() throws LinuxException {
    var _ = run(Syscall.FDATASYNC, "fdatasync", 0, 0, 0);
  }

  /// Syncs the whole file system that holds this file.
  public void syncfs() throws LinuxException {
    var _ = run(Syscall.SYNCFS, "syncfs", 0, 0, 0);
  }

  public FileStat stat() throws LinuxException {
    acquire();
    try {
      return FileStat.of(number);
    } finally {
      release();
    }
  }

  /// Sets the permission bits, of an O_PATH descriptor too.
  public void chmod(int mode) throws LinuxException {
    acquire();
    try (var arena = Arena.ofConfined()) {
      var result = Syscall.FCHMOD.call(number, mode);
      if (result == -Errno.EBADF) {
        var path = KernelString.allocate(arena, procPath(number));
        result = Syscall.FCHMODAT.call(AT_FDCWD, path.address(), mode);
      }
      if (result < 0) {
        throw Syscall.FCHMOD.failed(result, "chmod descriptor " + number);
      }
    } finally {
      release();
    }
  }

  /// Sets the owner, of an O_PATH descriptor (a symbolic link's too).
  ///
  /// @param uid unsigned, -1 leaves it
  /// @param gid unsigned, -1 leaves it
  public void chown(int uid, int gid) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var empty = KernelString.allocate(arena, "").address();
      var _ = run(Syscall.FCHOWNAT, "chown", empty, uid, gid, AT_EMPTY_PATH);
    }
  }

  /// Sets access and modification time.
  public void utimens(Instant accessed, Instant modified) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var times = times(arena, accessed, modified);
      var _ = run(Syscall.UTIMENSAT, "utimens", 0, times.address(), 0);
    }
  }

  /// {@return the two `struct timespec` of utimensat(2)}
  static MemorySegment times(Arena arena, Instant accessed, Instant modified) {
    var times = arena.allocate(32, 8);
    times.set(ValueLayout.JAVA_LONG, 0, accessed.getEpochSecond());
    times.set(ValueLayout.JAVA_LONG, 8, accessed.getNano());
    times.set(ValueLayout.JAVA_LONG, 16, modified.getEpochSecond());
    times.set(ValueLayout.JAVA_LONG, 24, modified.getNano());
    return times;
  }

  /// {@return the target of a symbolic link opened with O_PATH and O_NOFOLLOW}
  public String readLink() throws LinuxException {
    acquire();
    try {
      return DirFd.readLink(number, "");
    } finally {
      release();
    }
  }

  /// Runs a call whose first argument is this descriptor; fails as `verb descriptor N`.
  long run(Syscall call, String verb, long b, long c, long d) throws LinuxException {
    return run(call, verb, b, c, d, 0);
  }

  long run(Syscall call, String verb, long b, long c, long d, long e) throws LinuxException {
    acquire();
    try {
      var result = call.call(number, b, c, d, e);
      if (result < 0) {
        throw call.failed(result, verb + " descriptor " + number);
      }
      return result;
    } finally {
      release();
    }
  }

  @Override
  public String toString() {
    return "Fd[" + number + (closed.get() ? ", closed]" : "]");
  }
}
