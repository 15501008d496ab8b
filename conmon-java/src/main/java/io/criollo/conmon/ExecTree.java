// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// All processes that come from one exec, to be killed at its time limit. They are in a cgroup of
/// their own below the container's, which no new session and no double fork leads out of; where
/// there is none (cgroup v1, or before Linux 5.14), parents and sessions must tell.
///
/// @param inner the one that all come from, of a container in a sandbox
record ExecTree(Optional<Cgroup> cgroup, Optional<InnerProcess> inner) implements AutoCloseable {
  private static final Duration ENDING = Duration.ofSeconds(2);

  /// Nobody will kill it, so it needs no cgroup: its programs see the container's as their own.
  static final ExecTree UNLIMITED = new ExecTree(Optional.empty(), Optional.empty());

  /// @param container cgroup folder of the container
  static ExecTree make(Path container, String name) {
    if (!Files.exists(container.resolve("cgroup.kill"))) {
      return UNLIMITED;
    }
    try {
      Path folder = Files.createDirectory(container.resolve("criollo-exec-" + name));
      return new ExecTree(Optional.of(new Cgroup(folder)), Optional.empty());
    } catch (IOException _) { // the container may have no more of them
      return UNLIMITED;
    }
  }

  static ExecTree inSandbox(InnerProcess process) {
    return new ExecTree(Optional.empty(), Optional.of(process));
  }

  /// {@return the tree whose cgroup a monitor before this one made}
  static ExecTree found(Optional<Path> folder) {
    return new ExecTree(folder.filter(Files::isDirectory).map(Cgroup::new), Optional.empty());
  }

  /// {@return the name of its cgroup below the container's}
  Optional<String> name() {
    return cgroup.map(own -> own.path().getFileName().toString());
  }

  /// @param first a process that is not reaped yet
  void kill(long first) throws IOException {
    killInner();
    ProcessTree.kill(first); // also what a privileged one has moved elsewhere
    killCgroup();
  }

  /// Kills what there may be while the first process is not known.
  void killUnknown() throws IOException {
    killInner();
    killCgroup();
  }

  private void killInner() throws IOException {
    try {
      if (inner.isPresent()) {
        inner.get().kill();
      }
    } catch (OciRuntimeException e) { // it has just ended, or its sandbox has
      System.err.println("WARNING " + e.getMessage());
    }
  }

  /// Kills what is in its cgroup, if it has one.
  void killCgroup() throws LinuxException {
    if (cgroup.isPresent()) {
      cgroup.get().kill();
    }
  }

  /// What lives on, lives in the container's cgroup. If that takes no process any more, since it is
  /// divided, the cgroup stays and goes with the container.
  @Override
  public void close() {
    if (cgroup.isEmpty()) {
      return;
    }
    Cgroup own = cgroup.get();
    try {
      if (!own.awaitEmpty(Duration.ZERO)) {
        var container = new Cgroup(own.path().resolve("..").normalize());
        for (long pid : own.procs()) {
          move(pid, container);
        }
      }
      own.remove(ENDING);
    } catch (LinuxException _) { // see above; or the container has gone with all that it had
      return;
    }
  }

  private static void move(long pid, Cgroup to) {
    try {
      to.add(pid);
    } catch (LinuxException _) { // it has ended, or the container's is divided
      return;
    }
  }
}
