// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Extended attributes, values as bytes. By descriptor (O_PATH too, of a symbolic link itself too),
/// or by a name in a directory, which is not followed.
public final class Xattrs {
  private static final int USUAL = 512;
  private static final int LARGEST = 64 * 1024;

  private Xattrs() {}

  public static void set(Fd file, String name, byte[] value) throws LinuxException {
    set(Syscall.SETXATTR, path(file), name, value);
  }

  public static void set(DirFd dir, String file, String name, byte[] value) throws LinuxException {
    set(Syscall.LSETXATTR, path(dir, file), name, value);
  }

  /// {@return the value; empty when there is no such attribute}
  public static Optional<byte[]> get(Fd file, String name) throws LinuxException {
    return get(Syscall.GETXATTR, path(file), name);
  }

  public static Optional<byte[]> get(DirFd dir, String file, String name) throws LinuxException {
    return get(Syscall.LGETXATTR, path(dir, file), name);
  }

  public static List<String> list(Fd file) throws LinuxException {
    return list(Syscall.LISTXATTR, path(file));
  }

  public static List<String> list(DirFd dir, String file) throws LinuxException {
    return list(Syscall.LLISTXATTR, path(dir, file));
  }

  /// Removes an attribute; ENODATA when there is none.
  public static void remove(Fd file, String name) throws LinuxException {
    remove(Syscall.REMOVEXATTR, path(file), name);
  }

  public static void remove(DirFd dir, String file, String name) throws LinuxException {
    remove(Syscall.LREMOVEXATTR, path(dir, file), name);
  }

  private static String path(Fd file) {
    return Fd.procPath(file.number());
  }

  private static String path(DirFd dir, String file) throws LinuxException {
    DirFd.single(file);
    return Fd.procPath(dir.fd().number()) + "/" + file;
  }

  private static void set(Syscall call, String path, String name, byte[] value)
      throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var file = KernelString.allocate(arena, path).address();
      var key = KernelString.allocate(arena, name).address();
      var bytes = arena.allocate(Math.max(value.length, 1));
      bytes.asSlice(0, value.length).copyFrom(java.lang.foreign.MemorySegment.ofArray(value));
      check(
          call, call.call(file, key, bytes.address(), value.length, 0), "set xattr " + name, path);
    }
  }

  private static Optional<byte[]> get(Syscall call, String path, String name)
      throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var file = KernelString.allocate(arena, path).address();
      var key = KernelString.allocate(arena, name).address();
      var bytes = arena.allocate(USUAL);
      var result = call.call(file, key, bytes.address(), USUAL);
      if (result == -Errno.ERANGE) {
        bytes = arena.allocate(LARGEST);
        result = call.call(file, key, bytes.address(), LARGEST);
      }
      if (result == -Errno.ENODATA) {
        return Optional.empty();
      }
      check(call, result, "get xattr " + name, path);
      return Optional.of(bytes.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private static List<String> list(Syscall call, String path) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var file = KernelString.allocate(arena, path).address();
      var bytes = arena.allocate(USUAL);
      var result = call.call(file, bytes.address(), USUAL);
      if (result == -Errno.ERANGE) {
        bytes = arena.allocate(LARGEST);
        result = call.call(file, bytes.address(), LARGEST);
      }
      check(call, result, "list xattrs", path);
      var names = new ArrayList<String>();
      for (var at = 0L; at < result; ) {
        var name = bytes.getString(at);
        names.add(name);
        at += KernelString.encode(name).length + 1;
      }
      return List.copyOf(names);
    }
  }

  private static void remove(Syscall call, String path, String name) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var file = KernelString.allocate(arena, path).address();
      var key = KernelString.allocate(arena, name).address();
      check(call, call.call(file, key), "remove xattr " + name, path);
    }
  }

  private static void check(Syscall call, long result, String what, String path)
      throws LinuxException {
    if (result < 0) {
      throw call.failed(result, what + " of " + path);
    }
  }
}
