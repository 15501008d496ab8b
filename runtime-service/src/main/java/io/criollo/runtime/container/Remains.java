// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.image.mount.RootFilesystems;
import io.criollo.linux.DirFd;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.Undo;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What a container leaves on the node besides its record: the OCI runtime's state, cgroup,
/// monitor's memory, root file system, bundle. Removing what is not there is no error.
public final class Remains {
  private static final System.Logger LOG = System.getLogger(Remains.class.getName());
  private static final Duration CGROUP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);

  private final Layout layout;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final RootFilesystems roots;
  private final CgroupDriver cgroups;
  private final Exits exits;
  private final EarlyDeletion deletion;

  public Remains(
      Layout layout,
      Runtimes runtimes,
      MonitorClient monitor,
      RootFilesystems roots,
      CgroupDriver cgroups,
      Exits exits,
      EarlyDeletion deletion) {
    this.layout = layout;
    this.runtimes = runtimes;
    this.monitor = monitor;
    this.roots = roots;
    this.cgroups = cgroups;
    this.exits = exits;
    this.deletion = deletion;
  }

  /// Tries every step, then throws the first failure with the others suppressed in it.
  public void remove(ContainerId id, String handler, String cgroup) throws Exception {
    try (var steps = new Undo()) { // runs them in reverse
      steps.add("delete bundle", () -> deleteBundle(id));
      steps.add("remove root file system", () -> roots.remove(id.hex()));
      addRun(steps, id, handler, cgroup);
    }
  }

  /// Removes what a start that failed has left; what was there before stays.
  void removeRun(Container container) throws Exception {
    var place = container.record().place();
    try (var steps = new Undo()) {
      addRun(steps, container.id(), place.handler(), place.cgroup());
    }
  }

  private void addRun(Undo steps, ContainerId id, String handler, String cgroup) {
    steps.add("forget in monitor", () -> forget(id));
    steps.add("remove cgroup", () -> removeCgroup(cgroup));
    steps.add("delete in runtime", () -> deleteInRuntimes(id, handler, cgroup));
  }

  /// Takes the root file system away, and with its folder the container's record. What is left is
  /// found by its bundle after a crash.
  void discardRoot(ContainerId id) throws Exception {
    roots.discard(id.hex());
  }

  /// Removes what is left of a container after [#discardRoot], as [#remove] does.
  void removeRest(Container container) throws Exception {
    var id = container.id();
    var place = container.record().place();
    try (var steps = new Undo()) {
      steps.add("delete bundle", () -> deleteBundle(id));
      addRun(steps, id, place.handler(), place.cgroup());
    }
    roots.sweepLater(id.hex());
  }

  private void deleteInRuntimes(ContainerId id, String handler, String cgroup) throws Exception {
    if (deletion.done(id.hex())) {
      return;
    }
    for (var runtime : runtimes.knowing(id.hex(), handler)) {
      if (Runtimes.isInstalled(runtime.settings())) {
        deleteWith(runtime, id, cgroup);
      } else {
        deleteWithout(runtime, id, cgroup);
      }
    }
  }

  /// What hooks do after the end changes nothing of it (OCI Runtime Specification, "Poststop").
  private void deleteWith(OciRuntime runtime, ContainerId id, String cgroup) throws Exception {
    try {
      runtime.delete(id.hex(), true);
    } catch (OciRuntimeException e) {
      if (!e.brokenPipe()) {
        throw e;
      }
      LOG.log(Level.WARNING, "container {0}: a hook has read nothing: {1}", id, e.getMessage());
      deleteWithout(runtime, id, cgroup);
    }
  }

  /// The program is gone, or dies: what it would do is done here.
  private void deleteWithout(OciRuntime runtime, ContainerId id, String cgroup) throws Exception {
    if (!cgroup.isEmpty()) {
      cgroups.at(cgroup).kill();
    }
    for (var note : Runtimes.notes(runtime.settings(), id.hex())) {
      DirFd.removeTree(note);
    }
  }

  /// The monitor learns of the kill a moment later than the runtime, and forgets nothing that runs.
  private void forget(ContainerId id) throws Exception {
    var ended = exits.expect(id.hex());
    try {
      monitor.forget(id.hex());
    } catch (MonitorException e) {
      if (e.kind() != FailureKind.INVALID) {
        throw e;
      }
      awaitEnd(id, ended);
      monitor.forget(id.hex());
    } finally {
      exits.forget(id.hex());
    }
  }

  private void awaitEnd(ContainerId id, CountDownLatch ended) throws Exception {
    if (monitor.runs(id.hex()) && !ended.await(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new Refusal.DeadlineExceeded(
          "process of " + id + " is still there " + END_PATIENCE.toSeconds() + " s after SIGKILL");
    }
  }

  private void deleteBundle(ContainerId id) throws Exception {
    if (Files.exists(layout.bundle(id))) {
      DirFd.removeTree(layout.bundle(id));
    }
  }

  private void removeCgroup(String path) throws Exception {
    if (path.isEmpty()) {
      return; // half made: the runtime knows the cgroup
    }
    cgroups.remove(path, CGROUP_PATIENCE);
  }
}
