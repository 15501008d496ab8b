// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// The file forms of cgroup v2: lines of `key value`, and single numbers or `max`. Numbers are of
/// 64 bits unsigned; what exceeds a `long` counts as the largest one.
final class FlatKeyed {
  private FlatKeyed() {}

  static Map<String, Long> parse(String file, String content) throws LinuxException {
    var values = new HashMap<String, Long>();
    for (var line : content.split("\n", -1)) {
      if (!line.isEmpty()) {
        var blank = line.indexOf(' ');
        if (blank <= 0) {
          throw malformed(file, line);
        }
        values.put(line.substring(0, blank), number(file, line.substring(blank + 1)));
      }
    }
    return values;
  }

  static OptionalLong limit(String file, String text) throws LinuxException {
    return text.equals("max") ? OptionalLong.empty() : OptionalLong.of(number(file, text));
  }

  static long number(String file, String text) throws LinuxException {
    if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw malformed(file, text);
    }
    try {
      var value = Long.parseUnsignedLong(text);
      return value < 0 ? Long.MAX_VALUE : value;
    } catch (NumberFormatException beyond64Bits) {
      throw malformed(file, text);
    }
  }

  static LinuxException malformed(String file, String line) {
    var shown = line.length() > 100 ? line.substring(0, 100) + "…" : line;
    return new LinuxException(Errno.EBADMSG, "parse " + file, shown);
  }
}
