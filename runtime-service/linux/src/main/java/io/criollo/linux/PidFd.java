// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A process by descriptor (pidfd_open(2), Linux 5.3): it never names another process, also when
/// the pid is used again. Readable to [Poller] once the process has ended. Any thread; who opens it
/// closes it.
public final class PidFd implements AutoCloseable {
  private static final int P_PIDFD = 3;
  private static final int PIDFD_SIGNAL_PROCESS_GROUP = 4;
  private static final int WEXITED = 4;
  private static final int WNOHANG = 1;
  private static final int WNOWAIT = 0x01000000;

  /// `_IOWR(0xFF, 11, struct pidfd_info)` of 64 bytes, the same on both architectures.
  private static final long PIDFD_GET_INFO = 0xC040FF0BL;

  private static final long PIDFD_INFO_EXIT = 8;

  /// Fields of proc_pid_stat(5).
  static final int PARENT = 4;

  static final int START_TIME = 22;

  private final Fd fd;
  private final long pid;

  private PidFd(Fd fd, long pid) {
    this.fd = fd;
    this.pid = pid;
  }

  /// Opens a process. A pid may have been used again since it was read: see [#openSame].
  ///
  /// @throws LinuxException ESRCH when there is no such process
  public static PidFd open(long pid) throws LinuxException {
    var result = Syscall.PIDFD_OPEN.call(pid, 0);
    if (result < 0) {
      throw Syscall.PIDFD_OPEN.failed(result, "open process " + pid);
    }
    return new PidFd(Fd.adopt((int) result), pid);
  }

  /// Opens the process that had this pid and started then ([#startTime]).
  ///
  /// @return empty when it is gone, whoever has its pid now
  public static Optional<PidFd> openSame(long pid, long startTime) throws LinuxException {
    PidFd found;
    try {
      found = open(pid);
    } catch (LinuxException e) {
      return gone(e);
    }
    try {
      if (startTime(pid) == startTime) {
        return Optional.of(found);
      }
      found.close();
      return Optional.empty();
    } catch (LinuxException e) {
      found.close();
      return gone(e);
    }
  }

  private static Optional<PidFd> gone(LinuxException e) throws LinuxException {
    if (e.is(Errno.ESRCH)) {
      return Optional.empty();
    }
    throw e;
  }

  /// Takes over a pidfd that came from elsewhere.
  public static PidFd of(Fd fd, long pid) {
    return new PidFd(fd, pid);
  }

  public long pid() {
    return pid;
  }

  /// {@return the descriptor, which stays owned by this}
  public Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }

  /// Sends a signal. Nothing happens to a process that has ended.
  ///
  /// @return false when the process has ended and was reaped
  public boolean signal(int signal) throws LinuxException {
    var number = fd.acquire();
    try {
      var result = Syscall.PIDFD_SEND_SIGNAL.call(number, signal, 0, 0);
      if (result < 0 && result != -Errno.ESRCH) {
        throw Syscall.PIDFD_SEND_SIGNAL.failed(
            result, "send " + Signals.name(signal) + " to process " + pid);
      }
      return result >= 0;
    } finally {
      fd.release();
    }
  }

  /// Signals the process group that it leads (PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9), whether the
  /// leader itself still lives or not. On an older kernel only until it is reaped.
  ///
  /// @return false when nobody is left in the group
  public boolean signalGroup(int signal) throws LinuxException {
    var number = fd.acquire();
    try {
      var result = Syscall.PIDFD_SEND_SIGNAL.call(number, signal, 0, PIDFD_SIGNAL_PROCESS_GROUP);
      if (result == -Errno.EINVAL) {
        result = Children.owns(pid) ? Syscall.KILL.call(-pid, signal) : -Errno.ESRCH;
      }
      if (result < 0 && result != -Errno.ESRCH) {
        throw Syscall.PIDFD_SEND_SIGNAL.failed(
            result, "send " + Signals.name(signal) + " to process group " + pid);
      }
      return result >= 0;
    } finally {
      fd.release();
    }
  }

  /// {@return whether it still runs; a zombie does not}
  public boolean alive() throws LinuxException {
    return !ended(Duration.ZERO);
  }

  /// Waits, blocking, for the end of any process, a child or not; does not reap.
  ///
  /// @return whether it ended in time
  public boolean ended(Duration timeout) throws LinuxException {
    return Poll.await(fd, Poll.IN, timeout);
  }

  /// Waits, blocking, for a child of this JVM that [Spawn] started or [Subreaper] adopted, and
  /// reaps it.
  ///
  /// @throws LinuxException ECHILD when it is no child, or was reaped before
  public ExitStatus waitExit() throws LinuxException {
    var status = wait(WEXITED).orElseThrow();
    Children.disown(pid);
    return status;
  }

  /// As [#waitExit], without waiting: empty while the child runs.
  public Optional<ExitStatus> reap() throws LinuxException {
    var status = wait(WEXITED | WNOHANG);
    status.ifPresent(_ -> Children.disown(pid));
    return status;
  }

  /// `siginfo_t`: int si_signo at 0, si_code at 8, si_pid at 16, si_status at 24.
  private Optional<ExitStatus> wait(int options) throws LinuxException {
    var number = fd.acquire();
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(128, 8);
      var result = Syscall.WAITID.call(P_PIDFD, number, info.address(), options, 0);
      if (result < 0) {
        throw Syscall.WAITID.failed(result, "wait for process " + pid);
      }
      if (info.get(ValueLayout.JAVA_INT, 16) == 0) {
        return Optional.empty();
      }
      return Optional.of(exitStatus(info));
    } finally {
      fd.release();
    }
  }

  static ExitStatus exitStatus(MemorySegment siginfo) {
    var code = siginfo.get(ValueLayout.JAVA_INT, 8);
    return ExitStatus.ofChild(code, siginfo.get(ValueLayout.JAVA_INT, 24));
  }

  /// A copy of a descriptor of that process (pidfd_getfd(2), Linux 5.6).
  ///
  /// @param theirs its number there
  /// @throws LinuxException EPERM where ptrace(2) is not allowed either; EBADF when there is none
  public Fd descriptor(int theirs) throws LinuxException {
    var number = fd.acquire();
    try {
      var result = Syscall.PIDFD_GETFD.call(number, theirs, 0);
      if (result < 0) {
        throw Syscall.PIDFD_GETFD.failed(
            result, "copy descriptor " + theirs + " of process " + pid);
      }
      return Fd.adopt((int) result);
    } finally {
      fd.release();
    }
  }

  /// Throws ECHILD unless it is a child of this process that was not reaped.
  void requireChild() throws LinuxException {
    var _ = wait(WEXITED | WNOHANG | WNOWAIT);
  }

  /// The exit status of a process that need not be a child (`PIDFD_GET_INFO`, Linux 6.15), kept by
  /// the kernel for as long as the descriptor was opened before the process was reaped by its
  /// parent.
  ///
  /// @return empty while it runs or waits to be reaped
  /// @throws LinuxException ENOTTY, naming the feature, on an older kernel
  public Optional<ExitStatus> exitInfo() throws LinuxException {
    var number = fd.acquire();
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(64, 8);
      info.set(ValueLayout.JAVA_LONG, 0, PIDFD_INFO_EXIT);
      var result = Syscall.IOCTL.call(number, PIDFD_GET_INFO, info.address());
      if (result < 0) {
        throw Syscall.IOCTL.failed(
            result, "ask how process " + pid + " ended", infoDetail((int) -result));
      }
      var known = (info.get(ValueLayout.JAVA_LONG, 0) & PIDFD_INFO_EXIT) != 0;
      return known
          ? Optional.of(ExitStatus.ofWaitStatus(info.get(ValueLayout.JAVA_INT, 60)))
          : Optional.empty();
    } finally {
      fd.release();
    }
  }

  private static String infoDetail(int errno) {
    return switch (errno) {
      case Errno.ENOTTY, Errno.EINVAL -> "PIDFD_GET_INFO with PIDFD_INFO_EXIT needs Linux 6.15";
      case Errno.ESRCH -> "it was reaped before the descriptor was opened";
      default -> "";
    };
  }

  /// {@return when a process started, in clock ticks since boot; with the pid it names one process}
  ///
  /// @throws LinuxException ESRCH when there is no such process
  public static long startTime(long pid) throws LinuxException {
    return stat(pid, START_TIME);
  }

  /// {@return the pid of a process's parent; 0 for one outside the PID namespace}
  ///
  /// @throws LinuxException ESRCH when there is no such process
  public static long parent(long pid) throws LinuxException {
    return stat(pid, PARENT);
  }

  private static long stat(long pid, int field) throws LinuxException {
    var task = "read field " + field + " of the state of process " + pid;
    try (var file = Fd.open(Path.of("/proc/" + pid + "/stat"), OpenFlags.O_RDONLY, 0)) {
      return parseStat(KernelFile.read(file, 4096), field);
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENOENT ? new LinuxException(Errno.ESRCH, task, "") : e;
    } catch (IOException | NumberFormatException e) {
      throw new LinuxException(Errno.EBADMSG, task, String.valueOf(e.getMessage()));
    }
  }

  /// @param field as numbered in proc_pid_stat(5), behind the command, which is field 2 and may
  ///   hold blanks and parentheses
  static long parseStat(String stat, int field) throws IOException {
    var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < START_TIME - 2) {
      throw new IOException("too few fields");
    }
    return Long.parseUnsignedLong(fields[field - 3]);
  }
}
