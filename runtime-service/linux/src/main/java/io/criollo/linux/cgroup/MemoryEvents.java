// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;

/// `memory.events`: how often each came, of this cgroup and those below.
///
/// @param oomKill processes that the OOM killer took
public record MemoryEvents(
    long low, long high, long max, long oom, long oomKill, long oomGroupKill) {
  public static MemoryEvents parse(String content) throws LinuxException {
    var values = FlatKeyed.parse("memory.events", content);
    return new MemoryEvents(
        values.getOrDefault("low", 0L),
        values.getOrDefault("high", 0L),
        values.getOrDefault("max", 0L),
        values.getOrDefault("oom", 0L),
        values.getOrDefault("oom_kill", 0L),
        values.getOrDefault("oom_group_kill", 0L));
  }
}
