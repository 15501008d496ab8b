// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Consumer;

/// Makes this process the parent of its descendants' orphans (PR_SET_CHILD_SUBREAPER of prctl(2)),
/// and reaps those that nobody here holds as a [Child]. For the whole life of a process, on one
/// named platform thread that blocks in waitid(2); a process that does so uses no `ProcessBuilder`.
///
/// An orphan that is waited for is adopted: [#hold], run the program that leaves it behind, read
/// its pid, [#adopt], let go of the hold. However early it ends, its exit status is not lost.
public final class Subreaper {
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;

  private static boolean started;

  private final Consumer<Orphan> reaped;
  private final MemorySegment info = Arena.ofAuto().allocate(128, 8);

  private Subreaper(Consumer<Orphan> reaped) {
    this.reaped = reaped;
  }

  /// A process nobody held, and how it ended.
  public record Orphan(long pid, ExitStatus status) {}

  /// Keeps orphans from being reaped until closed.
  public static final class Hold implements AutoCloseable {
    private boolean open = true;

    private Hold() {
      Children.hold();
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        Children.release();
      }
    }
  }

  /// Starts it, once for the process.
  ///
  /// @param reaped told of each orphan, on the reaping thread
  public static synchronized void start(Consumer<Orphan> reaped) throws LinuxException {
    if (started) {
      throw new IllegalStateException("started before");
    }
    var result = Syscall.PRCTL.call(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (result < 0) {
      throw Syscall.PRCTL.failed(result, "become a subreaper");
    }
    started = true;
    Thread.ofPlatform().name("subreaper").daemon().start(new Subreaper(reaped)::run);
  }

  public static Hold hold() {
    return new Hold();
  }

  /// Takes an orphan that has become a child of this process, under a [#hold] that began before its
  /// birth. It may have ended already.
  ///
  /// @throws LinuxException ECHILD when it is no child of this process, ESRCH when it does not
  ///   exist
  public static Child adopt(long pid) throws LinuxException {
    var pidFd = PidFd.open(pid);
    try {
      pidFd.requireChild();
      return new Child(pidFd);
    } catch (LinuxException e) {
      pidFd.close();
      throw e;
    }
  }

  /// As [#adopt], for a process that may still be the child of another one, which is about to end.
  ///
  /// @throws LinuxException ECHILD when it is no child of this process in time
  public static Child adoptLater(long pid, Duration patience) throws LinuxException {
    var end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return adopt(pid);
      } catch (LinuxException e) {
        var left = Duration.ofNanos(end - System.nanoTime());
        if (!e.is(Errno.ECHILD) || !left.isPositive() || !parentEnds(pid, left)) {
          throw e;
        }
      }
    }
  }

  /// {@return whether this process is, or may now be, the parent}
  private static boolean parentEnds(long pid, Duration patience) throws LinuxException {
    var parent = PidFd.parent(pid);
    if (parent == 0) {
      return false;
    }
    try (var process = PidFd.open(parent)) {
      return parent == ProcessHandle.current().pid() || process.ended(patience);
    } catch (LinuxException e) {
      if (e.is(Errno.ESRCH)) {
        return true;
      }
      throw e;
    }
  }

  private void run() {
    try {
      while (true) {
        var generation = Children.generation();
        var ended = waitid(P_ALL, 0, WEXITED | WNOWAIT);
        if (ended > 0) {
          reap(ended);
        } else {
          Children.awaitNext(generation); // no children, so no orphans to come until the next start
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reap(long pid) throws InterruptedException {
    var got = Children.whenFree(pid, () -> waitid(P_PID, pid, WEXITED | WNOHANG));
    if (got > 0) {
      tell(new Orphan(pid, PidFd.exitStatus(info)));
    }
  }

  /// A listener that throws does not end the reaping.
  private void tell(Orphan orphan) {
    try {
      reaped.accept(orphan);
    } catch (RuntimeException e) {
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /// {@return the pid, 0 for none yet, or `-errno`}
  private long waitid(int type, long id, int options) {
    info.fill((byte) 0);
    var result = Syscall.WAITID.call(type, id, info.address(), options, 0);
    return result < 0 ? result : info.get(ValueLayout.JAVA_INT, 16);
  }
}
