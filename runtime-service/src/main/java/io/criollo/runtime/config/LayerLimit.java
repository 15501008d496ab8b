// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How much a container may write to its own layer, from the options of containers/storage:
/// `overlay.size=10G`, `overlay.inodes=100000` (containers-storage.conf(5)).
///
/// @param bytes 0 for no limit
/// @param inodes 0 for no limit
public record LayerLimit(long bytes, long inodes) {
  private static final Pattern FORM = Pattern.compile("(?:overlay2?)?\\.?([a-z_]+)=(.*)");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");

  /// {@return the limit that options give, the last one of a kind; others are passed over}
  static LayerLimit of(List<String> options) {
    long bytes = 0;
    long inodes = 0;
    for (var option : options) {
      var limit = parse(option);
      if (limit.isPresent()) {
        bytes = limit.get().bytes() > 0 ? limit.get().bytes() : bytes;
        inodes = limit.get().inodes() > 0 ? limit.get().inodes() : inodes;
      }
    }
    return new LayerLimit(bytes, inodes);
  }

  /// {@return the limit that one option gives; empty for one that is about something else}
  ///
  /// @throws IllegalArgumentException when it is no option, or its value is none
  static Optional<LayerLimit> parse(String option) {
    var parts = FORM.matcher(option.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be such as overlay.size=10G, is " + option);
    }
    return switch (parts.group(1)) {
      case "size" -> Optional.of(new LayerLimit(ByteSize.parse(parts.group(2)), 0));
      case "inodes" -> Optional.of(new LayerLimit(0, count(parts.group(2))));
      default -> Optional.empty();
    };
  }

  private static long count(String text) {
    if (!COUNT.matcher(text).matches()) {
      throw new IllegalArgumentException("overlay.inodes must be a number, is " + text);
    }
    return Long.parseLong(text);
  }
}
