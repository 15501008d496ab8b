// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.state.ContainerState.Exited;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/// A container that the daemon knows. Its state changes under its lock: first on disk, then in
/// memory, then those who wait are told. Its end counts also when the disk does not take it: else
/// what fills a disk could not be stopped. The lock is held for the write of one file at most.
public final class Container implements Known {
  private static final System.Logger LOG = System.getLogger(Container.class.getName());

  private final StateStore<ContainerRecord> store;
  private final Supplier<Changes> changes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock limits = new ReentrantLock();
  private final EncodedItem<ContainerRecord> item = new EncodedItem<>();
  private volatile ContainerRecord record;
  private Instant startCalled = Instant.EPOCH;
  private long stopBy = Long.MAX_VALUE;
  private boolean unwritten;

  Container(StateStore<ContainerRecord> store, Supplier<Changes> changes, ContainerRecord record) {
    this.store = store;
    this.changes = changes;
    this.record = record;
  }

  public ContainerId id() {
    return record.id();
  }

  @Override
  public String hex() {
    return record.id().hex();
  }

  public PodId pod() {
    return record.pod();
  }

  public ContainerRecord record() {
    return record;
  }

  /// {@return what lists show of it, encoded}
  ///
  /// @param make gives the same for the same record
  public ByteString item(Function<ContainerRecord, ? extends MessageLite> make) {
    return item.of(record, make);
  }

  public ContainerState state() {
    return record.state();
  }

  public ContainerConfig config() {
    return record.config();
  }

  @Override
  public String name() {
    return nameOf(record.pod(), record.config());
  }

  /// {@return the name under which a request for this container is recognised when it comes again}
  public static String nameOf(PodId pod, ContainerConfig config) {
    var data = config.getMetadata();
    return String.join("/", pod.hex(), data.getName(), Integer.toUnsignedString(data.getAttempt()));
  }

  /// {@return the process of a running container}
  ///
  /// @throws Refusal.FailedPrecondition when it does not run
  public LiveProcess requireRunning() {
    return switch (record.state()) {
      case ContainerState.Running(var process, _) -> process;
      case ContainerState.Created _, ContainerState.Exited _, ContainerState.Lost _ ->
          throw notIn("running");
    };
  }

  /// Takes the one right to start a created container. To be followed by one of [#startFailed],
  /// [#startRefused], [#startSucceeded].
  public void beginStart(Instant now) {
    lock.lock();
    try {
      if (starting()) {
        throw new Refusal.FailedPrecondition("container " + id() + " is being started");
      }
      if (!(record.state() instanceof ContainerState.Created)) {
        throw notIn("created");
      }
      startCalled = now;
    } finally {
      lock.unlock();
    }
  }

  /// The start failed: it may be tried again.
  public void startFailed() {
    lock.lock();
    try {
      startCalled = Instant.EPOCH;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The OCI runtime cannot start it, and will not be able to.
  public void startRefused(Instant at, String why) throws IOException {
    lock.lock();
    try {
      if (record.state() instanceof ContainerState.Created) {
        var never = Instant.EPOCH;
        end(
            new ContainerState.Exited(never, at, Exited.NOT_STARTED, false, why),
            Changes.Kind.STOPPED);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The process was started; it may have ended already.
  public void startSucceeded(LiveProcess process) throws IOException {
    lock.lock();
    try {
      if (record.state() instanceof ContainerState.Created) {
        become(new ContainerState.Running(process, startCalled));
        tell(Changes.Kind.STARTED);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends it while nothing of it runs, so that it can be started no more.
  ///
  /// @return whether it has ended; otherwise it runs, or somebody starts it
  public boolean endUnstarted(Instant at, int exitCode) {
    lock.lock();
    try {
      if (record.state() instanceof ContainerState.Created && !started()) {
        var detail = "it was stopped before it was started";
        end(
            new ContainerState.Exited(Instant.EPOCH, at, exitCode, false, detail),
            Changes.Kind.STOPPED);
      }
    } catch (IOException e) { // another daemon finds it created, and can end it
      LOG.log(Level.WARNING, "the end of " + id() + " cannot be written", e);
    } finally {
      lock.unlock();
    }
    return ended();
  }

  /// Waits while somebody starts it.
  ///
  /// @return whether nobody does
  public boolean awaitStart(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (starting() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !starting();
    } finally {
      lock.unlock();
    }
  }

  /// {@return whether somebody starts it}
  public boolean starting() {
    lock.lock();
    try {
      return record.state() instanceof ContainerState.Created && started();
    } finally {
      lock.unlock();
    }
  }

  /// The process ended. A second report changes nothing, but writes what could not be written.
  ///
  /// @throws IOException when it cannot be written; it counts all the same
  public void ended(Instant at, int exitCode, boolean oomKilled, String detail) throws IOException {
    lock.lock();
    try {
      switch (record.state()) {
        case ContainerState.Created _ -> {
          var next = new ContainerState.Exited(startCalled, at, exitCode, oomKilled, detail);
          if (started()) { // the end has overtaken the start
            end(next, Changes.Kind.STARTED, Changes.Kind.STOPPED);
          } else {
            end(next, Changes.Kind.STOPPED);
          }
        }
        case ContainerState.Running(_, var startedAt) ->
            end(
                new ContainerState.Exited(startedAt, at, exitCode, oomKilled, detail),
                Changes.Kind.STOPPED);
        case ContainerState.Lost(var startedAt, _) ->
            end(new ContainerState.Exited(startedAt, at, exitCode, oomKilled, detail));
        case ContainerState.Exited _ -> {
          if (unwritten) {
            save(record);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the process has ended, at most until {@code nanoTime}, or less when somebody else
  /// asks for less.
  ///
  /// @return whether it has ended
  public boolean awaitEnd(long nanoTime) throws InterruptedException {
    lock.lock();
    try {
      if (nanoTime - stopBy < 0 || stopBy == Long.MAX_VALUE) {
        stopBy = nanoTime;
        changed.signalAll();
      }
      while (!ended()) {
        long left = stopBy - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end without asking others to hurry.
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!ended() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return ended();
    } finally {
      lock.unlock();
    }
  }

  public boolean ended() {
    return switch (record.state()) {
      case ContainerState.Exited _, ContainerState.Lost _ -> true;
      case ContainerState.Created _, ContainerState.Running _ -> false;
    };
  }

  /// Held by who changes the container's limits, while files of its cgroup are written.
  public ReentrantLock limits() {
    return limits;
  }

  /// {@return this container, if it has not ended}
  public Container requireAlive() {
    return switch (record.state()) {
      case ContainerState.Created _, ContainerState.Running _ -> this;
      case ContainerState.Exited _, ContainerState.Lost _ -> throw notIn("created or running");
    };
  }

  /// Writes down other limits.
  public void limited(LinuxContainerResources now) throws IOException {
    lock.lock();
    try {
      requireAlive();
      var config = record.config().toBuilder();
      config.getLinuxBuilder().setResources(now);
      save(record.with(config.build()));
    } finally {
      lock.unlock();
    }
  }

  private boolean started() {
    return !startCalled.equals(Instant.EPOCH);
  }

  private void become(ContainerState next) throws IOException {
    save(record.with(next));
    changed.signalAll();
  }

  private void end(ContainerState.Exited next, Changes.Kind... kinds) throws IOException {
    var ended = record.with(next);
    try {
      unwritten = true;
      save(ended);
    } finally {
      record = ended;
      changed.signalAll();
      for (var kind : kinds) {
        tell(kind);
      }
    }
  }

  private void tell(Changes.Kind kind) {
    changes.get().container(kind, record);
  }

  private void save(ContainerRecord next) throws IOException {
    store.save(hex(), next);
    record = next;
    unwritten = false;
  }

  private Refusal notIn(String wanted) {
    return new Refusal.FailedPrecondition(
        "container " + id() + " is not " + wanted + " but " + record.state().word());
  }
}
