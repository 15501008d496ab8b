// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of proc_pid_mountinfo(5).
///
/// @param device `major:minor`
/// @param root the directory of the file system that is mounted
/// @param optional propagation, as `shared:7` and `master:3`
public record MountInfo(
    int id,
    int parent,
    String device,
    Path root,
    Path mountPoint,
    List<String> options,
    List<String> optional,
    String fsType,
    String source,
    List<String> superOptions) {
  private static final int LIMIT = 64 << 20;

  public MountInfo {
    options = List.copyOf(options);
    optional = List.copyOf(optional);
    superOptions = List.copyOf(superOptions);
  }

  /// {@return the mounts that this process sees}
  public static List<MountInfo> self() throws LinuxException {
    byte[] content;
    try (var file = Fd.open(Path.of("/proc/self/mountinfo"), OpenFlags.O_RDONLY, 0)) {
      content = file.readAll(LIMIT);
    }
    var mounts = new ArrayList<MountInfo>();
    for (var line : KernelString.decode(content).split("\n", -1)) {
      if (!line.isEmpty()) {
        mounts.add(parse(line));
      }
    }
    return List.copyOf(mounts);
  }

  /// {@return the mount with the deepest mount point that holds a path, the last one where several
  /// lie upon each other; empty when none of the mounts holds it}
  public static Optional<MountInfo> holding(Path path, List<MountInfo> mounts) {
    return mounts.stream()
        .filter(mount -> path.startsWith(mount.mountPoint()))
        .reduce((best, next) -> next.depth() >= best.depth() ? next : best);
  }

  private int depth() {
    return mountPoint.getNameCount();
  }

  /// Parses one line without its end.
  ///
  /// @throws LinuxException EBADMSG for what is no such line
  public static MountInfo parse(String line) throws LinuxException {
    var fields = List.of(line.split(" ", -1));
    var dash = fields.indexOf("-");
    if (dash < 6 || fields.size() < dash + 4) {
      throw malformed(line);
    }
    try {
      return new MountInfo(
          Integer.parseInt(fields.get(0)),
          Integer.parseInt(fields.get(1)),
          fields.get(2),
          path(fields.get(3)),
          path(fields.get(4)),
          options(fields.get(5)),
          fields.subList(6, dash),
          unescape(fields.get(dash + 1)),
          unescape(fields.get(dash + 2)),
          options(fields.get(dash + 3)));
    } catch (NumberFormatException e) {
      throw malformed(line);
    }
  }

  private static LinuxException malformed(String line) {
    var shown = line.length() > 200 ? line.substring(0, 200) + "…" : line;
    return new LinuxException(Errno.EBADMSG, "parse mountinfo", shown);
  }

  private static List<String> options(String field) {
    return List.of(field.split(",", -1)).stream().map(MountInfo::unescape).toList();
  }

  /// A name that is not UTF-8 has no [Path]; its odd bytes become `?`.
  private static Path path(String field) {
    var name = unescape(field).replace('\0', '?');
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      return Path.of(
          new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
    }
  }

  /// The kernel writes blank, tab, newline and backslash as `\040` and so on.
  static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    var in = KernelString.encode(field);
    var out = new ByteArrayOutputStream(in.length);
    for (var i = 0; i < in.length; i++) {
      if (in[i] == '\\' && i + 3 < in.length && octal(in, i + 1) >= 0) {
        out.write(octal(in, i + 1));
        i += 3;
      } else {
        out.write(in[i]);
      }
    }
    return KernelString.decode(out.toByteArray());
  }

  /// {@return the byte that three octal digits stand for, -1 if they are not}
  private static int octal(byte[] in, int at) {
    var value = 0;
    for (var i = at; i < at + 3; i++) {
      if (in[i] < '0' || in[i] > '7') {
        return -1;
      }
      value = value * 8 + in[i] - '0';
    }
    return value <= 0xFF ? value : -1;
  }
}
