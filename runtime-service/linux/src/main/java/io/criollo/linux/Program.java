// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/// Puts another program in the place of this one, in the same process (execve(2)): its pid, parent,
/// children, limits and working directory stay. All threads end at that instant, and all
/// descriptors are closed but the first three and the one that is handed on.
public final class Program {
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int FIRST = 3;

  private Program() {}

  /// Never returns: it fails, and then nothing has changed.
  ///
  /// @param argv the program's path, then its arguments
  /// @param handOn keeps its number ([#number])
  public static void replace(List<String> argv, Map<String, String> environment, Fd handOn)
      throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var path = KernelString.allocate(arena, argv.getFirst());
      var arguments = vector(arena, argv);
      var variables =
          vector(
              arena,
              environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
      var closing = Syscall.CLOSE_RANGE.call(FIRST, 0xFFFF_FFFFL, CLOSE_RANGE_CLOEXEC);
      if (closing < 0) {
        throw Syscall.CLOSE_RANGE.failed(closing, "close descriptors with the program");
      }
      var _ = handOn.run(Syscall.FCNTL, "hand on", F_SETFD, 0, 0);
      var result = Syscall.EXECVE.call(path.address(), arguments.address(), variables.address());
      var _ = handOn.run(Syscall.FCNTL, "keep", F_SETFD, FD_CLOEXEC, 0);
      throw Syscall.EXECVE.failed(result, "execute " + argv.getFirst());
    }
  }

  /// {@return the number that a descriptor has in this process, and in the program after it}
  public static int number(Fd fd) {
    return fd.number();
  }

  private static MemorySegment vector(Arena arena, List<String> texts) throws LinuxException {
    var vector = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
    for (var i = 0; i < texts.size(); i++) {
      vector.setAtIndex(ValueLayout.ADDRESS, i, KernelString.allocate(arena, texts.get(i)));
    }
    return vector;
  }
}
