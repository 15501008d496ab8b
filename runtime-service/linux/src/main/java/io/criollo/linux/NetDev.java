// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The interfaces of a network namespace and what went through them, as in `/proc/PID/net/dev`.
public record NetDev(List<Interface> interfaces) {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int COLUMNS = 16;

  public NetDev {
    interfaces = List.copyOf(interfaces);
  }

  /// What an interface got or sent since it was made.
  public record Traffic(long bytes, long packets, long errors, long dropped) {}

  /// One interface.
  public record Interface(String name, Traffic received, Traffic sent) {}

  /// Reads the two lines of headings and a line for each interface.
  public static NetDev parse(String content) throws LinuxException {
    var interfaces = new ArrayList<Interface>();
    for (var line : content.lines().skip(2).toList()) {
      interfaces.add(line(line));
    }
    return new NetDev(interfaces);
  }

  /// A name may contain a colon, a number never does.
  private static Interface line(String line) throws LinuxException {
    int colon = line.lastIndexOf(':');
    var numbers = BLANKS.split(line.substring(colon + 1).strip(), -1);
    if (colon < 0 || numbers.length < COLUMNS) {
      throw malformed(line);
    }
    return new Interface(
        line.substring(0, colon).strip(), traffic(line, numbers, 0), traffic(line, numbers, 8));
  }

  private static Traffic traffic(String line, String[] numbers, int from) throws LinuxException {
    return new Traffic(
        number(line, numbers[from]),
        number(line, numbers[from + 1]),
        number(line, numbers[from + 2]),
        number(line, numbers[from + 3]));
  }

  private static long number(String line, String text) throws LinuxException {
    try {
      long value = Long.parseUnsignedLong(text);
      return value < 0 ? Long.MAX_VALUE : value;
    } catch (NumberFormatException _) {
      throw malformed(line);
    }
  }

  private static LinuxException malformed(String line) {
    var shown = line.length() > 100 ? line.substring(0, 100) + "…" : line;
    return new LinuxException(Errno.EBADMSG, "parse net/dev", shown);
  }
}
