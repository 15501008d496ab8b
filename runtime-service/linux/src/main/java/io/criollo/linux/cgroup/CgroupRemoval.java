// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Removes a cgroup and those below it, leaves first.
final class CgroupRemoval {
  private static final int ATTEMPTS = 5;

  private CgroupRemoval() {}

  static void remove(Cgroup cgroup, Duration timeout) throws LinuxException {
    var deadline = System.nanoTime() + timeout.toNanos();
    for (var attempt = 1; ; attempt++) {
      try {
        removeAll(cgroup);
        return;
      } catch (LinuxException e) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (e.errno() != Errno.EBUSY || attempt == ATTEMPTS || !cgroup.awaitEmpty(left)) {
          throw e;
        }
      }
    }
  }

  private static void removeAll(Cgroup top) throws LinuxException {
    for (var cgroup : leavesFirst(top)) {
      try (var parent = DirFd.parentOf(cgroup.path())) {
        parent.rmdir(cgroup.path().getFileName().toString());
      } catch (LinuxException e) {
        if (e.errno() != Errno.ENOENT) {
          throw new LinuxException(e.errno(), "remove cgroup " + cgroup.path(), detail(e.errno()));
        }
      }
    }
  }

  private static String detail(int errno) {
    return errno == Errno.EBUSY ? "processes or cgroups are in it" : "";
  }

  private static List<Cgroup> leavesFirst(Cgroup top) throws LinuxException {
    var found = new ArrayList<Cgroup>();
    var open = new ArrayDeque<Cgroup>();
    open.push(top);
    while (!open.isEmpty()) {
      var next = open.pop();
      found.add(next);
      children(next).forEach(open::push);
    }
    return found.reversed();
  }

  private static List<Cgroup> children(Cgroup cgroup) throws LinuxException {
    try {
      return cgroup.children();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return List.of();
      }
      throw e;
    }
  }
}
