// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.OciResources.DeviceRule;
import java.util.ArrayList;
import java.util.List;

/// Which devices the container's cgroup may use: none but the harmless ones and those it was given;
/// all when privileged.
final class DeviceRulePart {
  private static final List<DeviceRule> STANDARD =
      List.of(
          new DeviceRule(false, "a", null, null, "rwm"),
          new DeviceRule(true, "c", null, null, "m"),
          new DeviceRule(true, "b", null, null, "m"),
          character(1, 3), // null
          character(1, 5), // zero
          character(1, 7), // full
          character(1, 8), // random
          character(1, 9), // urandom
          character(5, 0), // tty
          character(5, 2), // ptmx
          new DeviceRule(true, "c", 136, null, "rwm")); // pts/*

  private DeviceRulePart() {}

  static List<DeviceRule> of(SpecInput input, HostDevices devices) {
    if (input.privileged()) {
      return List.of(new DeviceRule(true, "a", null, null, "rwm"));
    }
    var rules = new ArrayList<>(STANDARD);
    for (var node : devices.nodes()) {
      var access = devices.access().getOrDefault(node.path(), "rwm");
      if (!access.isEmpty() && !node.type().equals("p")) {
        rules.add(new DeviceRule(true, node.type(), node.major(), node.minor(), access));
      }
    }
    return rules;
  }

  private static DeviceRule character(int major, int minor) {
    return new DeviceRule(true, "c", major, minor, "rwm");
  }
}
