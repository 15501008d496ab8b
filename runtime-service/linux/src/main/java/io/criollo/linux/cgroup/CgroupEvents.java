// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Poller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Waits on `cgroup.events`: the kernel makes it POLLPRI when `populated` or `frozen` changes.
final class CgroupEvents {
  static final String FILE = "cgroup.events";

  private CgroupEvents() {}

  static long value(String content, String key) throws LinuxException {
    return FlatKeyed.parse(FILE, content).getOrDefault(key, 0L);
  }

  /// {@return whether it came to that in time; a cgroup that is gone is empty}
  static boolean await(Cgroup cgroup, String key, long wanted, Duration timeout)
      throws LinuxException {
    var deadline = System.nanoTime() + timeout.toNanos();
    try (var file = cgroup.open(FILE, OpenFlags.O_RDONLY);
        var poller = Poller.open()) {
      poller.add(file, Poller.PRI, 0);
      while (true) {
        file.seek(0);
        if (value(new String(file.readAll(4096), StandardCharsets.UTF_8), key) == wanted) {
          return true;
        }
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (!left.isPositive()) {
          return false;
        }
        var _ = poller.await(left);
      }
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENODEV) && wanted == 0) {
        return true;
      }
      throw e;
    }
  }
}
