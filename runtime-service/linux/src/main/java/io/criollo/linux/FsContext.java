// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A file system being configured: fsopen(2), fsconfig(2), fsmount(2). What the kernel logs into it
/// goes into the error. One thread; who opens it closes it.
final class FsContext implements AutoCloseable {
  private static final int CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;

  private final Fd fd;
  private final String fsType;

  private FsContext(Fd fd, String fsType) {
    this.fd = fd;
    this.fsType = fsType;
  }

  static FsContext open(String fsType) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var type = KernelString.allocate(arena, fsType);
      var result = Syscall.FSOPEN.call(type.address(), CLOEXEC);
      if (result < 0) {
        var detail = result == -Errno.ENODEV ? "this kernel has no file system " + fsType : "";
        throw Syscall.FSOPEN.failed(result, "open file system " + fsType, detail);
      }
      return new FsContext(Fd.adopt((int) result), fsType);
    }
  }

  void set(String flag) throws LinuxException {
    configure(FSCONFIG_SET_FLAG, flag, "");
  }

  void set(String key, String value) throws LinuxException {
    configure(FSCONFIG_SET_STRING, key, value);
  }

  /// @param option `key=value` or a flag
  void setOption(String option) throws LinuxException {
    var equals = option.indexOf('=');
    if (equals < 0) {
      set(option);
    } else {
      set(option.substring(0, equals), unquoted(option.substring(equals + 1)));
    }
  }

  /// Quotes are for mount(2), where commas separate options.
  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  DetachedMount create() throws LinuxException {
    configure(FSCONFIG_CMD_CREATE, "", "");
    var result = Syscall.FSMOUNT.call(fd.number(), CLOEXEC, 0);
    if (result < 0) {
      throw Syscall.FSMOUNT.failed(result, "mount " + fsType, messages());
    }
    return new DetachedMount(Fd.adopt((int) result), fsType);
  }

  private void configure(int command, String key, String value) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var name = command == FSCONFIG_CMD_CREATE ? 0 : KernelString.allocate(arena, key).address();
      var text = command == FSCONFIG_SET_STRING ? KernelString.allocate(arena, value).address() : 0;
      var result = Syscall.FSCONFIG.call(fd.number(), command, name, text, 0);
      if (result < 0) {
        var what =
            key.isEmpty() ? "create " + fsType : "set " + key + "=" + value + " of " + fsType;
        throw Syscall.FSCONFIG.failed(result, what, messages());
      }
    }
  }

  /// Each read gives one line, as `e overlay: …`; ENODATA at the end.
  private String messages() {
    var lines = new ArrayList<String>();
    try (var arena = Arena.ofConfined()) {
      var line = arena.allocate(1024);
      for (var count = 1L; count > 0 && lines.size() < 8; ) {
        count = Syscall.READ.call(fd.number(), line.address(), line.byteSize());
        addLine(
            lines, count > 0 ? line.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE) : new byte[0]);
      }
    }
    return String.join("; ", lines);
  }

  private static void addLine(List<String> lines, byte[] bytes) {
    if (bytes.length > 0) {
      lines.add(KernelString.decode(bytes).strip());
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
