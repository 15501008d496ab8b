// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.util.OptionalLong;

/// Tasks in a cgroup, and their limit; empty for none.
public record PidsStat(long current, OptionalLong max) {
  public static PidsStat parse(String current, String max) throws LinuxException {
    return new PidsStat(
        FlatKeyed.number("pids.current", current.strip()),
        FlatKeyed.limit("pids.max", max.strip()));
  }
}
