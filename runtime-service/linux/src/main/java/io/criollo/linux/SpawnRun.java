// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// One run of a [Spawn.Command]: feeds, drains, waits, kills. Lives on a platform thread of its
/// own; the caller only waits for that thread, and wakes it by `cancel` when interrupted.
final class SpawnRun {
  private static final int CHUNK = 64 * 1024;
  private static final int DRAIN_LIMIT = 2 << 20;
  private static final int POLLED = 5;

  private final Spawn.Command command;
  private final EventFd cancel;
  private final MemorySegment polled;
  private final ByteBuffer chunk;

  private SpawnRun(Spawn.Command command, EventFd cancel, Arena arena) {
    this.command = command;
    this.cancel = cancel;
    this.polled = arena.allocate(8L * POLLED, 8);
    this.chunk = arena.allocate(CHUNK).asByteBuffer();
  }

  static Spawn.Result run(Spawn.Command command) throws LinuxException, InterruptedException {
    try (var cancel = EventFd.create()) {
      var task = new FutureTask<>(() -> runHere(command, cancel));
      var thread =
          Thread.ofPlatform().name("spawn " + command.argv().getFirst()).daemon().start(task);
      try {
        return task.get();
      } catch (InterruptedException e) {
        cancel.signal();
        joinUninterrupted(thread);
        throw e;
      } catch (ExecutionException e) {
        throw unwrapped(e);
      }
    }
  }

  @SuppressWarnings("ThreadJoinLoop") // the suggested replacement is a library
  private static void joinUninterrupted(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException again) {
        // the kill is under way; the caller learns of the first interrupt
      }
    }
  }

  private static LinuxException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case LinuxException cause -> cause;
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case null, default -> throw new IllegalStateException(e);
    };
  }

  private static Spawn.Result runHere(Spawn.Command command, EventFd cancel) throws LinuxException {
    try (var arena = Arena.ofConfined();
        var in = new SpawnInput(command.stdin());
        var out = new SpawnOutput(command.outputLimit());
        var err = new SpawnOutput(command.outputLimit());
        var child =
            Spawn.start(
                launch(command, Map.of(0, in.childEnd, 1, out.childEnd, 2, err.childEnd)))) {
      in.childEnd.close();
      out.childEnd.close();
      err.childEnd.close();
      return new SpawnRun(command, cancel, arena).attend(child, in, out, err);
    }
  }

  private static Spawn.Launch launch(Spawn.Command command, Map<Integer, Fd> descriptors) {
    return new Spawn.Launch(
        command.argv(), command.env(), command.cwd(), descriptors, Spawn.Group.OWN_GROUP);
  }

  private Spawn.Result attend(Child child, SpawnInput in, SpawnOutput out, SpawnOutput err)
      throws LinuxException {
    var reaped = false;
    try {
      var inTime = serve(child, in, out, err);
      if (!inTime) {
        child.signalGroup(Signals.SIGKILL);
      }
      var exit = child.waitExit();
      reaped = true;
      out.drain(chunk, DRAIN_LIMIT);
      err.drain(chunk, DRAIN_LIMIT);
      var truncated = out.dropped() || err.dropped();
      return new Spawn.Result(exit.exitCode(), out.kept(), err.kept(), !inTime, truncated);
    } finally {
      if (!reaped) {
        child.signalGroup(Signals.SIGKILL);
        var _ = child.waitExit();
      }
    }
  }

  /// {@return true when the child ended, false at the timeout or when cancelled}
  private boolean serve(Child child, SpawnInput in, SpawnOutput out, SpawnOutput err)
      throws LinuxException {
    var deadline = Poll.deadline(command.timeout());
    while (true) {
      Poll.set(polled, 0, child.pidFd().fd().number(), Poll.IN);
      Poll.set(polled, 1, in.polled(), Poll.OUT);
      Poll.set(polled, 2, out.polled(), Poll.IN);
      Poll.set(polled, 3, err.polled(), Poll.IN);
      Poll.set(polled, 4, cancel.fd().number(), Poll.IN);
      if (Poll.wait(polled, POLLED, deadline) == 0 || Poll.got(polled, 4) != 0) {
        return false;
      }
      if (Poll.got(polled, 0) != 0) {
        return true;
      }
      if (Poll.got(polled, 1) != 0) {
        in.feed();
      }
      if (Poll.got(polled, 2) != 0) {
        var _ = out.take(chunk);
      }
      if (Poll.got(polled, 3) != 0) {
        var _ = err.take(chunk);
      }
    }
  }
}
