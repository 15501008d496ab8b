// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Files of a cgroup as properties of systemd.resource-control(5), in the words of busctl(1): name,
/// signature, value. systemd leaves the files alone for which it has no property.
final class UnitProperties {
  private static final String NO_LIMIT = "18446744073709551615"; // (uint64_t) -1
  private static final Pattern NUMBER = Pattern.compile("\\d{1,19}");
  private static final Pattern CPU_MAX = Pattern.compile("(max|\\d{1,15}) (\\d{1,9})");
  private static final Pattern RANGES =
      Pattern.compile("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*");
  private static final long MICROS_PER_SECOND = 1_000_000;

  private static final Map<String, String> NUMBERS =
      Map.of(
          "cpu.weight", "CPUWeight",
          "memory.min", "MemoryMin",
          "memory.low", "MemoryLow",
          "memory.high", "MemoryHigh",
          "memory.max", "MemoryMax",
          "memory.swap.max", "MemorySwapMax",
          "pids.max", "TasksMax");
  private static final Map<String, String> SETS =
      Map.of("cpuset.cpus", "AllowedCPUs", "cpuset.mems", "AllowedMemoryNodes");

  /// Turns the controllers on down to a unit, so that its files are there.
  static final List<List<String>> ACCOUNTING =
      List.of(
          List.of("CPUAccounting", "b", "true"),
          List.of("MemoryAccounting", "b", "true"),
          List.of("TasksAccounting", "b", "true"),
          List.of("IOAccounting", "b", "true"));

  private UnitProperties() {}

  /// {@return the properties, one list of words for each; files without one are left out}
  static List<List<String>> of(Map<String, String> files) {
    var all = new ArrayList<List<String>>();
    files.forEach((file, value) -> {
      var text = value.strip();
      if (file.equals("cpu.max")) {
        all.addAll(quota(text));
      } else if (NUMBERS.containsKey(file)) {
        number(text).ifPresent(number -> all.add(List.of(NUMBERS.get(file), "t", number)));
      } else if (SETS.containsKey(file)) {
        set(text).ifPresent(mask -> all.add(words(SETS.get(file), mask)));
      }
    });
    return all;
  }

  private static Optional<String> number(String text) {
    if (text.equals("max")) {
      return Optional.of(NO_LIMIT);
    }
    return Optional.of(text).filter(number -> NUMBER.matcher(number).matches());
  }

  private static List<List<String>> quota(String text) {
    var parts = CPU_MAX.matcher(text);
    if (!parts.matches() || Long.parseLong(parts.group(2)) == 0) {
      return List.of();
    }
    long period = Long.parseLong(parts.group(2));
    var perSecond =
        parts.group(1).equals("max")
            ? NO_LIMIT
            : Long.toString(Long.parseLong(parts.group(1)) * MICROS_PER_SECOND / period);
    return List.of(
        List.of("CPUQuotaPeriodUSec", "t", Long.toString(period)),
        List.of("CPUQuotaPerSecUSec", "t", perSecond));
  }

  /// A set as bytes, lowest numbers first; an empty one lifts the limit.
  private static Optional<byte[]> set(String text) {
    if (text.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    if (!RANGES.matcher(text).matches()) {
      return Optional.empty();
    }
    var bits = new BitSet();
    for (var range : text.split(",", -1)) {
      int dash = range.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
      bits.set(from, Math.max(from, to) + 1);
    }
    return Optional.of(bits.toByteArray());
  }

  private static List<String> words(String name, byte[] mask) {
    var words = new ArrayList<>(List.of(name, "ay", Integer.toString(mask.length)));
    for (byte each : mask) {
      words.add(Integer.toString(each & 0xff));
    }
    return words;
  }
}
