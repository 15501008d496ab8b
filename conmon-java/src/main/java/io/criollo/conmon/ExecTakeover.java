// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.StreamOwner;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Execs of a monitor that died, each on a thread of its own. Whoever collected the output has got
/// an error, so that tree is killed; a conversation broke, but its process lives on, and what it
/// prints is dropped.
final class ExecTakeover {
  /// How long a runtime may still be at work for the dead monitor.
  private static final Duration RUNTIME = Duration.ofMinutes(2);

  private static final long STACK = 256 << 10;
  private final Shared shared;
  private final ExecFolder folder;
  private final List<Fd> outputs;

  private ExecTakeover(Shared shared, ExecFolder folder) throws IOException {
    this.shared = shared;
    this.folder = folder;
    this.outputs = folder.outputEnds();
  }

  static void start(Shared shared) throws IOException {
    Path folder = Files.createDirectories(shared.runDir().resolve("exec"));
    var leftovers = new ArrayList<Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      found.forEach(leftovers::add);
    }
    for (Path each : leftovers) {
      if (Files.isDirectory(each)) {
        var takeover = new ExecTakeover(shared, new ExecFolder(each, StreamOwner.ROOT));
        Thread.ofPlatform().name("monitor-exec").stackSize(STACK).start(takeover::run);
      } else {
        Files.delete(each); // a console socket
      }
    }
  }

  private void run() {
    try (folder) {
      Optional<CreatedProcess> process = process();
      if (process.isPresent()) {
        follow(process.get());
      }
      if (folder.collected()) {
        endRest();
      }
      outputs.forEach(Fd::close);
      shared.loop().submit(() -> shared.store().drop(folder.name()));
    } catch (IOException e) {
      System.err.println("WARNING cannot take over " + folder.path() + ": " + e.getMessage());
    }
  }

  /// What the first process left, if it ended before.
  private void endRest() throws IOException {
    try (ExecTree tree = folder.tree()) {
      tree.killCgroup();
    }
  }

  private Optional<CreatedProcess> process() throws IOException {
    if (folder.process().written().isEmpty()) {
      Optional<Long> runtime = ProcessTree.withArgument(folder.process().pidFile().toString());
      if (runtime.isPresent()) {
        awaitEnd(runtime.get());
      }
    }
    return folder.process().find();
  }

  private static void awaitEnd(long pid) throws LinuxException {
    try (PidFd runtime = PidFd.open(pid)) {
      var _ = runtime.ended(RUNTIME);
    } catch (LinuxException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  private void follow(CreatedProcess process) throws IOException {
    Optional<PidFd> found = PidFd.openSame(process.pid(), process.startTime());
    if (found.isEmpty()) {
      return;
    }
    try (PidFd pidFd = found.get();
        ExecTree tree = folder.tree()) {
      if (folder.collected()) {
        tree.kill(process.pid());
      }
      drain(pidFd);
    }
  }

  /// Until the process has ended.
  private void drain(PidFd process) throws LinuxException {
    ByteBuffer dropped = ByteBuffer.allocateDirect(32 << 10);
    try (Poller poller = Poller.open()) {
      poller.add(process.fd(), Poller.IN, outputs.size());
      for (int i = 0; i < outputs.size(); i++) {
        poller.add(outputs.get(i), Poller.IN, i);
      }
      while (true) {
        int count = poller.await();
        for (int i = 0; i < count; i++) {
          int token = (int) poller.token(i);
          if (token == outputs.size()) {
            return;
          }
          if (outputs.get(token).read(dropped.clear()) < 0) {
            poller.remove(outputs.get(token));
          }
        }
      }
    }
  }
}
