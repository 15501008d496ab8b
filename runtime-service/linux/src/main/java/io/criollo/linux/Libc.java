// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The raw layer: C functions of at most seven integer or pointer arguments, all through one method
/// handle. One shape costs a third less start-up than typed descriptors; the typing is done one
/// level up, in [Syscall] and in the methods here, each with its C signature.
///
/// Passing an `int` or a pointer as a 64-bit register is what both ABIs do; a returned `int` is
/// narrowed here. errno is captured into a segment of the call's own and leaves as `-errno`.
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG);

  @SuppressWarnings("restricted")
  private static final MethodHandle CALL =
      LINKER.downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));

  /// `long syscall(long number, …)`
  private static final MemorySegment SYSCALL = symbol("syscall");

  private Libc() {}

  /// {@return the result, or `-errno`}
  static long syscall(long number, long a, long b, long c, long d, long e, long f) {
    try (var arena = Arena.ofConfined()) {
      var errno = arena.allocate(ValueLayout.JAVA_INT);
      var result = (long) CALL.invokeExact(SYSCALL, errno, number, a, b, c, d, e, f);
      return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /// Calls a function that returns an `int` error number itself (the posix_spawn family).
  static int call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try (var arena = Arena.ofConfined()) {
      var errno = arena.allocate(ValueLayout.JAVA_INT);
      return (int) (long) CALL.invokeExact(function, errno, a, b, c, d, e, f, 0L);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static MemorySegment symbol(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "the C library has no " + name + " (glibc ≥ 2.34 is needed)"));
  }

  /// A downcall throws nothing of its own but errors of the virtual machine.
  private static RuntimeException unexpected(Throwable t) {
    return switch (t) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException(t);
    };
  }
}
