// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// `io.stat`, a line for each device.
public record IoStat(List<Device> devices) {
  public IoStat {
    devices = List.copyOf(devices);
  }

  /// One device; sizes in bytes, the others are counts of operations.
  ///
  /// @param device `major:minor`
  public record Device(String device, long readBytes, long writtenBytes, long reads, long writes) {}

  public static IoStat parse(String content) throws LinuxException {
    var devices = new ArrayList<Device>();
    for (var line : content.split("\n", -1)) {
      if (!line.isBlank()) {
        devices.add(device(line));
      }
    }
    return new IoStat(devices);
  }

  /// `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`; some kernels leave a device without
  /// values.
  private static Device device(String line) throws LinuxException {
    var words = List.of(line.strip().split(" +", -1));
    var values = new HashMap<String, Long>();
    for (var word : words.subList(1, words.size())) {
      var equals = word.indexOf('=');
      if (equals > 0 && word.substring(equals + 1).chars().allMatch(Character::isDigit)) {
        values.put(
            word.substring(0, equals), FlatKeyed.number("io.stat", word.substring(equals + 1)));
      }
    }
    if (!words.getFirst().matches("\\d{1,10}:\\d{1,10}")) {
      throw FlatKeyed.malformed("io.stat", line);
    }
    return new Device(
        words.getFirst(),
        values.getOrDefault("rbytes", 0L),
        values.getOrDefault("wbytes", 0L),
        values.getOrDefault("rios", 0L),
        values.getOrDefault("wios", 0L));
  }
}
