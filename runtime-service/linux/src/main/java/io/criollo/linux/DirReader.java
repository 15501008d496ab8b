// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Reads a directory from where its descriptor stands, 32 KiB of entries at a time. One thread.
final class DirReader implements AutoCloseable {
  private static final int CHUNK = 32 * 1024;

  private final Fd directory;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(CHUNK, 8);

  DirReader(Fd directory) {
    this.directory = directory;
  }

  /// {@return some entries without `.` and `..`; empty at the end}
  List<DirEntry> next() throws LinuxException {
    while (true) {
      var length = directory.run(Syscall.GETDENTS64, "list", buffer.address(), CHUNK, 0);
      var entries = parse(buffer.asSlice(0, length));
      if (length == 0 || !entries.isEmpty()) {
        return entries;
      }
    }
  }

  /// `struct linux_dirent64 { u64 ino; s64 off; u16 length; u8 type; char name[]; }`
  private static List<DirEntry> parse(MemorySegment chunk) {
    var entries = new ArrayList<DirEntry>();
    for (var at = 0L; at < chunk.byteSize(); ) {
      var length = chunk.get(ValueLayout.JAVA_SHORT, at + 16) & 0xFFFF;
      var name = name(chunk.asSlice(at + 19, length - 19));
      if (!name.equals(".") && !name.equals("..")) {
        var type = chunk.get(ValueLayout.JAVA_BYTE, at + 18);
        entries.add(new DirEntry(name, chunk.get(ValueLayout.JAVA_LONG, at), type));
      }
      at += length;
    }
    return entries;
  }

  private static String name(MemorySegment padded) {
    var length = 0;
    while (padded.get(ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    return KernelString.decode(padded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void close() {
    arena.close();
  }
}
