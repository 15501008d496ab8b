// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Cgroups that are read again and again, as for statistics: each stays open between two readings,
/// until nobody has asked for a while; not too many of them, since a process has a limit of open
/// files. Thread-safe; whoever makes it closes it.
public final class OpenCgroups implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// A cgroup's directory and what is read of it, four times: others need descriptors too.
  private static final long FILES = 4 * 10;

  private final CgroupDriver driver;
  private final Duration patience;
  private final long most;
  private final ConcurrentHashMap<String, Kept> kept = new ConcurrentHashMap<>();
  private final Thread watch;

  /// @param openFiles how many files this process may have open
  public OpenCgroups(CgroupDriver driver, long openFiles) {
    this(driver, openFiles / FILES, PATIENCE);
  }

  OpenCgroups(CgroupDriver driver, long most, Duration patience) {
    this.driver = driver;
    this.most = most;
    this.patience = patience;
    this.watch = Thread.ofVirtual().name("open-cgroups").start(this::keepLooking);
  }

  /// Reads a cgroup that may go away at any moment.
  ///
  /// @param path as the driver names it
  /// @return false when it was not there, or went away while it was read
  public boolean whileThere(String path, OpenCgroup.Reading reading) throws LinuxException {
    var cgroup = driver.at(path);
    if (kept.size() >= most && !kept.containsKey(path)) {
      return OpenCgroup.whileThere(cgroup, reading);
    }
    while (true) {
      var read = kept.computeIfAbsent(path, _ -> new Kept(cgroup)).read(reading);
      if (read.isPresent()) {
        return read.get();
      }
    }
  }

  /// {@return how many are open}
  int size() {
    return kept.size();
  }

  private void keepLooking() {
    try {
      while (true) {
        Thread.sleep(patience);
        kept.values().removeIf(one -> one.leave(patience));
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  @Override
  public void close() {
    watch.interrupt();
    kept.values().removeIf(one -> one.leave(Duration.ZERO));
  }

  /// One cgroup, whose lock is held while its files are read.
  private static final class Kept {
    private final Cgroup cgroup;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<OpenCgroup> open = Optional.empty();
    private long used = System.nanoTime();
    private boolean left;

    Kept(Cgroup cgroup) {
      this.cgroup = cgroup;
    }

    /// {@return whether it was there; nothing if this one is not in use any more}
    Optional<Boolean> read(OpenCgroup.Reading reading) throws LinuxException {
      lock.lock();
      try {
        if (left) {
          return Optional.empty();
        }
        used = System.nanoTime();
        // what was open may have given way to another one of the same name
        return Optional.of((open.isPresent() && attempt(reading)) || attempt(reading));
      } finally {
        lock.unlock();
      }
    }

    private boolean attempt(OpenCgroup.Reading reading) throws LinuxException {
      try {
        if (open.isEmpty()) {
          open = Optional.of(OpenCgroup.open(cgroup));
        }
        reading.of(open.get());
        return true;
      } catch (LinuxException e) {
        letGo();
        if (OpenCgroup.isGone(e)) {
          return false;
        }
        throw e;
      }
    }

    private void letGo() {
      open.ifPresent(OpenCgroup::close);
      open = Optional.empty();
    }

    /// Lets go of what nobody reads, and has not read for so long.
    boolean leave(Duration unread) {
      if (!lock.tryLock()) {
        return false;
      }
      try {
        left = System.nanoTime() - used >= unread.toNanos();
        if (left) {
          letGo();
        }
        return left;
      } finally {
        lock.unlock();
      }
    }
  }
}
