// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.conmon.io.EventLoop;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.Signals;
import io.criollo.linux.Sleeper;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Descriptors that outlive both monitor and daemon: they lie as messages in the queue of a pair of
/// sockets, of which a [Sleeper] holds both ends for as long as something is kept. Without it
/// (nothing may be executed there, or ptrace is forbidden) things go on, less safely. Owned by the
/// I/O thread.
final class FdStore {
  private static final int CAPACITY = 16 << 20;
  private static final int SENDING = 3;
  private static final int RECEIVING = 4;

  /// Dropped messages that may stay in the queue before they are sorted out.
  private static final int STALE = 16;

  private static final String MARK = ".";

  private static final String INPUT = "stdin/";

  private final EventLoop loop;
  private final Path program;
  private final Path pidFile;
  private final Set<String> kept = new HashSet<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
  private Optional<Queue> queue = Optional.empty();
  private int stale;

  private record Queue(Fd sending, Fd receiving, PidFd sleeper) {}

  private record Letter(String name, List<Fd> descriptors) {}

  private FdStore(EventLoop loop, Path program, Path pidFile) {
    this.loop = loop;
    this.program = program;
    this.pidFile = pidFile;
  }

  /// {@return the name for what keeps a container's input open; it is dropped before the rest}
  static String input(String containerId) {
    return INPUT + containerId;
  }

  /// {@return the container whose input is kept under this name}
  static Optional<String> inputOf(String name) {
    return name.startsWith(INPUT) ? Optional.of(name.substring(INPUT.length())) : Optional.empty();
  }

  /// Finds what an earlier monitor kept.
  static FdStore open(EventLoop loop, Path stateDir, Path runDir) {
    var store = new FdStore(loop, stateDir.resolve("fdstore"), runDir.resolve("fdstore.pid"));
    try {
      Sleeper.install(store.program);
      store.queue = store.find();
    } catch (IOException e) {
      warn(e);
    }
    return store;
  }

  private Optional<Queue> find() throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String[] words = Files.readString(pidFile).strip().split(" ", -1);
    long pid = Long.parseLong(words[0]);
    Optional<PidFd> found = PidFd.openSame(pid, Long.parseLong(words[1]));
    return found.isPresent() ? queue(found.get()) : Optional.empty();
  }

  private static Optional<Queue> queue(PidFd sleeper) throws LinuxException {
    try {
      return Optional.of(
          new Queue(sleeper.descriptor(SENDING), sleeper.descriptor(RECEIVING), sleeper));
    } catch (LinuxException e) {
      sleeper.close();
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Gives copies of what was kept under the wanted names, and drops the rest.
  Map<String, List<Fd>> recover(Predicate<String> wanted) throws IOException {
    var found = new HashMap<String, List<Fd>>();
    if (queue.isPresent()) {
      watch(queue.get());
      sort(queue.get(), wanted, found);
      kept.addAll(found.keySet());
      endIfEmpty();
    }
    return found;
  }

  /// Keeps copies of descriptors until they are dropped.
  void keep(String name, List<Fd> descriptors) {
    if (!kept.add(name)) {
      return;
    }
    try {
      if (queue.isEmpty()) {
        queue = Optional.of(begin());
      }
      send(queue.get(), name, descriptors);
    } catch (LinuxException e) {
      warn(e);
    }
  }

  void drop(String name) {
    if (kept.remove(name)) {
      stale++;
      if (kept.isEmpty() || (stale > STALE && stale > kept.size())) {
        sortOut();
      }
    }
  }

  /// As [#drop], and no copy is left: who writes to what was kept learns that nobody reads.
  void dropNow(String name) {
    if (kept.remove(name)) {
      sortOut();
    }
  }

  private void sortOut() {
    try {
      if (queue.isPresent() && !kept.isEmpty()) {
        var copies = new HashMap<String, List<Fd>>();
        sort(queue.get(), kept::contains, copies);
        copies.values().forEach(fds -> fds.forEach(Fd::close));
      }
      endIfEmpty();
    } catch (IOException e) {
      warn(e);
    }
  }

  private Queue begin() throws LinuxException {
    Fd[] pair = UnixSockets.packetPair(CAPACITY);
    pair[0].nonBlocking(true);
    pair[1].nonBlocking(true);
    var begun = new Queue(pair[0], pair[1], sleeper(pair[0], pair[1]));
    watch(begun);
    return begun;
  }

  private PidFd sleeper(Fd sending, Fd receiving) throws LinuxException {
    PidFd sleeper = Sleeper.start(program, Map.of(SENDING, sending, RECEIVING, receiving));
    String text = sleeper.pid() + " " + PidFd.startTime(sleeper.pid()) + "\n";
    AtomicFile.writeVolatile(pidFile, text.getBytes(UTF_8));
    return sleeper;
  }

  /// Whoever kills the sleeper gets another: we have the queue too.
  private void watch(Queue watched) throws LinuxException {
    loop.watch(
        watched.sleeper().fd(),
        () -> {
          loop.unwatch(watched.sleeper().fd());
          watched.sleeper().close();
          PidFd next = sleeper(watched.sending(), watched.receiving());
          queue = Optional.of(new Queue(watched.sending(), watched.receiving(), next));
          watch(queue.get());
        });
  }

  /// Sends the wanted messages round to the end of the queue, each before it is taken away from the
  /// front, so that a kill in between makes two of one and none of none.
  private void sort(Queue from, Predicate<String> wanted, Map<String, List<Fd>> found)
      throws IOException {
    String mark = MARK + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    send(from, mark, List.of());
    var seen = new HashSet<String>();
    for (Letter next = look(from); !next.name().equals(mark); next = look(from)) {
      if (!next.name().startsWith(MARK) && wanted.test(next.name()) && seen.add(next.name())) {
        send(from, next.name(), next.descriptors());
        found.put(next.name(), next.descriptors());
      } else {
        next.descriptors().forEach(Fd::close);
      }
      take(from);
    }
    take(from);
    stale = 0;
  }

  private void send(Queue to, String name, List<Fd> descriptors) throws LinuxException {
    buffer.clear().put(name.getBytes(UTF_8)).flip();
    if (UnixSockets.send(to.sending(), buffer, descriptors) == 0) {
      throw new LinuxException(Errno.EAGAIN, "keep descriptors", "too many");
    }
  }

  private Letter look(Queue in) throws IOException {
    UnixSockets.Received got = UnixSockets.peek(in.receiving(), buffer.clear());
    if (got.count() <= 0) {
      throw new IOException("the mark is not in the queue of kept descriptors");
    }
    return new Letter(UTF_8.decode(buffer.flip()).toString(), got.descriptors());
  }

  private void take(Queue from) throws LinuxException {
    UnixSockets.receive(from.receiving(), buffer.clear()).descriptors().forEach(Fd::close);
  }

  /// Nothing of ours stays on a node without containers.
  private void endIfEmpty() throws IOException {
    if (!kept.isEmpty() || queue.isEmpty()) {
      return;
    }
    Queue last = queue.get();
    queue = Optional.empty();
    stale = 0;
    loop.unwatch(last.sleeper().fd());
    var _ = last.sleeper().signal(Signals.SIGKILL);
    last.sleeper().close();
    last.sending().close();
    last.receiving().close();
    Files.deleteIfExists(pidFile);
  }

  private static void warn(IOException e) {
    System.err.println(
        "WARNING what a container writes is lost if it ends while daemon and monitor are dead, and"
            + " input that is given once ends with the monitor: "
            + e.getMessage());
  }
}
