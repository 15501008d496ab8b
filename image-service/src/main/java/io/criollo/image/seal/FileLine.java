// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Xattrs;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/// One file of a layer as a line of text: its path, then what must stay as it is, as `name=value`,
/// separated by blanks. In the manner of mtree(5), so that a person can read it too.
final class FileLine {
  /// Comes last, and only for files with content.
  static final String SUM = " crc32c=";

  private FileLine() {}

  static String ofDirectory(String path, DirFd directory) throws LinuxException {
    var line = line(path, directory.fd().stat());
    for (var name : new TreeSet<>(Xattrs.list(directory.fd()))) {
      attribute(line, name, Xattrs.get(directory.fd(), name).orElse(new byte[0]));
    }
    return line.toString();
  }

  static String of(String path, DirFd parent, String name, FileStat stat) throws LinuxException {
    var line = line(path, stat);
    switch (stat.mode() & FileStat.S_IFMT) {
      case FileStat.S_IFREG -> {
        line.append(" size=").append(stat.size()).append(" links=").append(stat.links());
        for (var key : new TreeSet<>(Xattrs.list(parent, name))) {
          attribute(line, key, Xattrs.get(parent, name, key).orElse(new byte[0]));
        }
      }
      case FileStat.S_IFLNK -> line.append(" target=").append(escaped(parent.readLink(name)));
      case FileStat.S_IFCHR, FileStat.S_IFBLK ->
          line.append(" device=").append(stat.rdevMajor()).append(':').append(stat.rdevMinor());
      default -> {}
    }
    return line.toString();
  }

  private static StringBuilder line(String path, FileStat stat) {
    var time = stat.mtime();
    return new StringBuilder(escaped(path))
        .append(" mode=")
        .append(Integer.toOctalString(stat.mode()))
        .append(" uid=")
        .append(Integer.toUnsignedString(stat.uid()))
        .append(" gid=")
        .append(Integer.toUnsignedString(stat.gid()))
        .append(" time=")
        .append(time.getEpochSecond())
        .append('.')
        .append(time.getNano());
  }

  /// Labels of security modules are the node's, not the image's.
  private static void attribute(StringBuilder line, String name, byte[] value) {
    if (!name.startsWith("security.") || name.equals("security.capability")) {
      var sum = new CRC32C();
      sum.update(value);
      line.append(' ').append(escaped(name)).append('=').append(hex(sum.getValue()));
    }
  }

  static String hex(long sum) {
    return HexFormat.of().toHexDigits((int) sum);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace(" ", "\\_").replace("\n", "\\n").replace("\r", "\\r");
  }

  /// {@return a name as a person may see it}
  static String path(String line) {
    int blank = line.indexOf(' ');
    return blank < 0 ? line : line.substring(0, blank);
  }

  /// {@return in what two lines of the same path differ}
  static String difference(String now, String before) {
    var facts = List.of(now.split(" ", -1));
    var sealed = List.of(before.split(" ", -1));
    for (int i = 1; i < Math.max(facts.size(), sealed.size()); i++) {
      var is = i < facts.size() ? facts.get(i) : "nothing";
      var was = i < sealed.size() ? sealed.get(i) : "nothing";
      if (!is.equals(was)) {
        return "is " + is + ", was " + was;
      }
    }
    return "differs";
  }
}
