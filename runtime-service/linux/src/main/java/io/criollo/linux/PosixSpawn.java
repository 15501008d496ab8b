// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// posix_spawn(3) with file actions. The child gets: no blocked signal and every handler at its
/// default (the JVM blocks and handles some), exactly the descriptors that were asked for,
/// /dev/null for those of 0 to 2 that were not, and an environment of its own.
final class PosixSpawn {
  /// `int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
  /// const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])`
  private static final MemorySegment SPAWN = Libc.symbol("posix_spawn");

  /// `int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)`
  private static final MemorySegment ACTIONS_INIT = Libc.symbol("posix_spawn_file_actions_init");

  /// `int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)`
  private static final MemorySegment ACTIONS_DESTROY =
      Libc.symbol("posix_spawn_file_actions_destroy");

  /// `int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int to)`
  private static final MemorySegment ADD_DUP2 = Libc.symbol("posix_spawn_file_actions_adddup2");

  /// `int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)`
  private static final MemorySegment ADD_CLOSE = Libc.symbol("posix_spawn_file_actions_addclose");

  /// `int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd, const char
  /// *path, int flags, mode_t mode)`
  private static final MemorySegment ADD_OPEN = Libc.symbol("posix_spawn_file_actions_addopen");

  /// `int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char
  /// *path)`
  private static final MemorySegment ADD_CHDIR =
      Libc.symbol("posix_spawn_file_actions_addchdir_np");

  /// `int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from)`
  private static final MemorySegment ADD_CLOSE_FROM =
      Libc.symbol("posix_spawn_file_actions_addclosefrom_np");

  /// `int posix_spawnattr_init(posix_spawnattr_t *attributes)`
  private static final MemorySegment ATTR_INIT = Libc.symbol("posix_spawnattr_init");

  /// `int posix_spawnattr_destroy(posix_spawnattr_t *attributes)`
  private static final MemorySegment ATTR_DESTROY = Libc.symbol("posix_spawnattr_destroy");

  /// `int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags)`
  private static final MemorySegment ATTR_FLAGS = Libc.symbol("posix_spawnattr_setflags");

  /// `int posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes, const sigset_t *set)`
  private static final MemorySegment ATTR_SIGDEFAULT = Libc.symbol("posix_spawnattr_setsigdefault");

  /// `int posix_spawnattr_setsigmask(posix_spawnattr_t *attributes, const sigset_t *set)`
  private static final MemorySegment ATTR_SIGMASK = Libc.symbol("posix_spawnattr_setsigmask");

  /// Larger than glibc's 80 and 336 bytes.
  private static final int OPAQUE = 1024;

  private static final int SIGSET = 128;
  private static final int POSIX_SPAWN_SETPGROUP = 0x02;
  private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final int POSIX_SPAWN_SETSID = 0x80;

  private final Arena arena;
  private final Spawn.Launch launch;
  private final MemorySegment actions;
  private final MemorySegment attributes;

  private PosixSpawn(Arena arena, Spawn.Launch launch) {
    this.arena = arena;
    this.launch = launch;
    this.actions = arena.allocate(OPAQUE, 16);
    this.attributes = arena.allocate(OPAQUE, 16);
  }

  /// {@return the pid of the child, which executes the program already}
  static long spawn(Spawn.Launch launch) throws LinuxException {
    var copies = new HashMap<Integer, Fd>();
    try (var arena = Arena.ofConfined()) {
      var highest = launch.descriptors().keySet().stream().mapToInt(n -> n).reduce(2, Math::max);
      // copies above every target: no dup2 of the child overwrites the source of a later one
      for (var entry : launch.descriptors().entrySet()) {
        copies.put(entry.getKey(), entry.getValue().dup(highest + 1));
      }
      return new PosixSpawn(arena, launch).spawn(copies, highest);
    } finally {
      copies.values().forEach(Fd::close);
    }
  }

  private long spawn(Map<Integer, Fd> copies, int highest) throws LinuxException {
    require(Libc.call(ACTIONS_INIT, actions.address(), 0, 0, 0, 0, 0));
    try {
      require(Libc.call(ATTR_INIT, attributes.address(), 0, 0, 0, 0, 0));
      try {
        addActions(copies, highest);
        setAttributes();
        return execute();
      } finally {
        var _ = Libc.call(ATTR_DESTROY, attributes.address(), 0, 0, 0, 0, 0);
      }
    } finally {
      var _ = Libc.call(ACTIONS_DESTROY, actions.address(), 0, 0, 0, 0, 0);
    }
  }

  private void addActions(Map<Integer, Fd> copies, int highest) throws LinuxException {
    for (var target = 0; target <= highest; target++) {
      var copy = copies.get(target);
      if (copy != null) {
        require(Libc.call(ADD_DUP2, actions.address(), copy.number(), target, 0, 0, 0));
      } else if (target <= 2) {
        openNull(target);
      } else {
        require(Libc.call(ADD_CLOSE, actions.address(), target, 0, 0, 0, 0));
      }
    }
    require(Libc.call(ADD_CLOSE_FROM, actions.address(), highest + 1L, 0, 0, 0, 0));
    if (launch.cwd().isPresent()) {
      var path = KernelString.allocate(arena, launch.cwd().get().toString());
      require(Libc.call(ADD_CHDIR, actions.address(), path.address(), 0, 0, 0, 0));
    }
  }

  private void openNull(int target) throws LinuxException {
    var path = KernelString.allocate(arena, "/dev/null").address();
    var flags = target == 0 ? OpenFlags.O_RDONLY : OpenFlags.O_WRONLY;
    require(Libc.call(ADD_OPEN, actions.address(), target, path, flags, 0, 0));
  }

  private void setAttributes() throws LinuxException {
    var none = arena.allocate(SIGSET, 8);
    var all = arena.allocate(SIGSET, 8).fill((byte) 0xFF);
    var group =
        switch (launch.group()) {
          case SAME -> 0;
          case OWN_GROUP -> POSIX_SPAWN_SETPGROUP;
          case OWN_SESSION -> POSIX_SPAWN_SETSID;
        };
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group;
    require(Libc.call(ATTR_SIGMASK, attributes.address(), none.address(), 0, 0, 0, 0));
    require(Libc.call(ATTR_SIGDEFAULT, attributes.address(), all.address(), 0, 0, 0, 0));
    require(Libc.call(ATTR_FLAGS, attributes.address(), flags, 0, 0, 0, 0));
  }

  private long execute() throws LinuxException {
    var pid = arena.allocate(ValueLayout.JAVA_INT);
    var path = KernelString.allocate(arena, launch.argv().getFirst());
    var argv = strings(launch.argv());
    var envp = strings(environment());
    require(
        Libc.call(
            SPAWN,
            pid.address(),
            path.address(),
            actions.address(),
            attributes.address(),
            argv.address(),
            envp.address()));
    return pid.get(ValueLayout.JAVA_INT, 0);
  }

  private List<String> environment() throws LinuxException {
    var list = new ArrayList<String>();
    for (var entry : launch.env().entrySet()) {
      if (entry.getKey().isEmpty() || entry.getKey().indexOf('=') >= 0) {
        throw new LinuxException(
            Errno.EINVAL, "pass environment variable '" + entry.getKey() + "'", "");
      }
      list.add(entry.getKey() + "=" + entry.getValue());
    }
    return list;
  }

  private MemorySegment strings(List<String> strings) throws LinuxException {
    var array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1L);
    for (var i = 0; i < strings.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, KernelString.allocate(arena, strings.get(i)));
    }
    return array;
  }

  private void require(int errno) throws LinuxException {
    if (errno != 0) {
      var cwd = launch.cwd().map(path -> "in " + path).orElse("");
      throw new LinuxException(errno, "execute " + launch.argv().getFirst(), cwd);
    }
  }
}
