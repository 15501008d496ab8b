// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts programs by posix_spawn(3): no shell, no copy of the JVM, nothing inherited but what is
/// named. A child is reaped by its pidfd here and nowhere else: never use `ProcessBuilder` beside
/// it for the same child. Children start in the namespaces of the calling platform thread.
public final class Spawn {
  private Spawn() {}

  /// A program that is run to its end.
  ///
  /// @param argv the program's absolute path (or one relative to `cwd`, with a `/`) and its
  ///   arguments
  /// @param env the whole environment; nothing is inherited
  /// @param stdin fed to it, then its standard input is closed
  /// @param timeout positive; after it the whole process group is killed
  /// @param outputLimit bytes kept of each of stdout and stderr; what is more is read and dropped
  @SuppressWarnings("ArrayRecordComponent")
  public record Command(
      List<String> argv,
      Map<String, String> env,
      Optional<Path> cwd,
      byte[] stdin,
      Duration timeout,
      int outputLimit) {
    public Command {
      argv = checked(argv);
      env = Map.copyOf(env);
      if (!timeout.isPositive() || outputLimit < 0) {
        throw new IllegalArgumentException("timeout " + timeout + ", output limit " + outputLimit);
      }
    }

    /// An empty environment and input, 1 MiB of output.
    public static Command of(Duration timeout, String... argv) {
      return new Command(List.of(argv), Map.of(), Optional.empty(), new byte[0], timeout, 1 << 20);
    }
  }

  /// What a program left.
  ///
  /// @param exitCode 128 + signal when a signal ended it
  /// @param truncated whether output beyond the limit was dropped
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      int exitCode, byte[] stdout, byte[] stderr, boolean timedOut, boolean truncated) {}

  /// A program that is started and left running.
  ///
  /// @param argv as in [Command]
  /// @param descriptors the child's number to a descriptor of ours, which is copied; of 0 to 2 the
  ///   missing ones are `/dev/null`
  public record Launch(
      List<String> argv,
      Map<String, String> env,
      Optional<Path> cwd,
      Map<Integer, Fd> descriptors,
      Group group) {
    public Launch {
      argv = checked(argv);
      env = Map.copyOf(env);
      descriptors = Map.copyOf(descriptors);
      if (descriptors.keySet().stream().anyMatch(n -> n < 0 || n > 1023)) {
        throw new IllegalArgumentException("descriptors " + descriptors.keySet());
      }
    }
  }

  /// Which process group and session a child is put into.
  public enum Group {
    /// The JVM's.
    SAME,
    /// A new process group, which can be killed as one.
    OWN_GROUP,
    /// A new session (setsid(2)) without a terminal.
    OWN_SESSION
  }

  private static List<String> checked(List<String> argv) {
    if (argv.isEmpty() || argv.getFirst().indexOf('/') < 0) {
      throw new IllegalArgumentException("a path to a program is needed: " + argv);
    }
    return List.copyOf(argv);
  }

  /// Runs a program in a process group of its own to its end. Any thread, virtual ones too: the
  /// work is done on a platform thread made for it. What the program wrote is complete; what
  /// descendants that outlive it write later is not waited for. At the timeout, or when the caller
  /// is interrupted, the process group is killed and the program reaped before this returns.
  ///
  /// @throws LinuxException when it cannot be started, with the errno of exec
  public static Result run(Command command) throws LinuxException, InterruptedException {
    return SpawnRun.run(command);
  }

  /// Starts a program; the caller waits for it through [Child].
  public static Child start(Launch launch) throws LinuxException {
    Children.hold();
    try {
      var pid = PosixSpawn.spawn(launch);
      try {
        // nobody else reaps it, so the pid is still this child
        return new Child(PidFd.open(pid));
      } catch (LinuxException e) {
        abandon(pid);
        throw e;
      }
    } finally {
      Children.release();
    }
  }

  private static void abandon(long pid) {
    var _ = Syscall.KILL.call(pid, Signals.SIGKILL);
    var _ = Syscall.WAITID.call(1 /* P_PID */, pid, 0, 4 /* WEXITED */, 0);
  }
}
