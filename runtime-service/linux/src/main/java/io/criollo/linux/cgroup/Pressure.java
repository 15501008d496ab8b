// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.util.regex.Pattern;

/// Pressure stall information (`Documentation/accounting/psi.rst`).
///
/// @param some time in which at least one task waited
/// @param full time in which all did; zero where the kernel has no such line
public record Pressure(Stall some, Stall full) {
  private static final Pattern LINE =
      Pattern.compile(
          "avg10=(\\d{1,3}\\.\\d{2}) avg60=(\\d{1,3}\\.\\d{2}) avg300=(\\d{1,3}\\.\\d{2}) total=(\\d{1,20})");

  /// Averages in percent over so many seconds, and the sum in microseconds.
  public record Stall(double avg10, double avg60, double avg300, long totalMicros) {
    static final Stall NONE = new Stall(0, 0, 0, 0);
  }

  public static Pressure parse(String content) throws LinuxException {
    var some = Stall.NONE;
    var full = Stall.NONE;
    for (var line : content.split("\n", -1)) {
      if (line.startsWith("some ")) {
        some = stall(line.substring(5));
      } else if (line.startsWith("full ")) {
        full = stall(line.substring(5));
      } else if (!line.isEmpty()) {
        throw FlatKeyed.malformed("pressure", line);
      }
    }
    return new Pressure(some, full);
  }

  private static Stall stall(String line) throws LinuxException {
    var matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw FlatKeyed.malformed("pressure", line);
    }
    return new Stall(
        Double.parseDouble(matcher.group(1)),
        Double.parseDouble(matcher.group(2)),
        Double.parseDouble(matcher.group(3)),
        FlatKeyed.number("pressure", matcher.group(4)));
  }
}
