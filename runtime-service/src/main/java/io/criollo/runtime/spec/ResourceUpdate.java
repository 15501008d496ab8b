// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.HugepageLimit;
import io.criollo.cri.v1.LinuxContainerResources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A change of limits. 0 and empty in the wish stand for "as it is". Pure.
///
/// @param after all limits when the change is made
/// @param oci the same for the OCI runtime, without devices
/// @param files of cgroup v2 that are to be written, and their values
public record ResourceUpdate(
    LinuxContainerResources after, OciResources oci, Map<String, String> files) {
  private static final String FIELD = "linux.";

  public ResourceUpdate {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files)); // in the order of writing
  }

  /// Computes a change.
  ///
  /// @throws io.criollo.runtime.state.Refusal for a limit that a new container would not get either
  public static ResourceUpdate of(
      LinuxContainerResources before, LinuxContainerResources wish, NodeFacts node) {
    Check.range(FIELD + "oom_score_adj", wish.getOomScoreAdj(), -1000, 1000);
    var after = merged(before, wish);
    var oci = ResourcePart.of(FIELD, after, List.of(), node);
    var asked = ResourcePart.of(FIELD, standingAlone(after, wish), List.of(), node);
    var files = new LinkedHashMap<>(CgroupFiles.of(oci));
    files.keySet().retainAll(CgroupFiles.of(asked).keySet());
    return new ResourceUpdate(after, oci, files);
  }

  /// {@return the files that stand for all limits given, as for a new cgroup}
  ///
  /// @param field what messages put before the name of a limit
  public static Map<String, String> files(
      String field, LinuxContainerResources limits, NodeFacts node) {
    return CgroupFiles.of(ResourcePart.of(field, limits, List.of(), node));
  }

  /// {@return the wish, with those limits that one file holds together with one that is wished}
  private static LinuxContainerResources standingAlone(
      LinuxContainerResources all, LinuxContainerResources wish) {
    var alone = wish.toBuilder();
    if (wish.getCpuQuota() != 0 || wish.getCpuPeriod() != 0) {
      alone.setCpuQuota(either(wish.getCpuQuota(), all.getCpuQuota()));
      alone.setCpuPeriod(either(wish.getCpuPeriod(), all.getCpuPeriod()));
    }
    if (wish.getMemoryLimitInBytes() != 0 || wish.getMemorySwapLimitInBytes() != 0) {
      alone.setMemoryLimitInBytes(
          either(wish.getMemoryLimitInBytes(), all.getMemoryLimitInBytes()));
      alone.setMemorySwapLimitInBytes(swap(all, wish));
    }
    return alone.build();
  }

  /// The score belongs to processes, which keep the one that they were born with.
  private static LinuxContainerResources merged(
      LinuxContainerResources before, LinuxContainerResources wish) {
    var after =
        before.toBuilder()
            .mergeFrom(wish) // leaves out what is 0 or empty
            .setOomScoreAdj(before.getOomScoreAdj());
    after.setMemorySwapLimitInBytes(swap(before, wish));
    after.clearHugepageLimits();
    var pages = new LinkedHashMap<String, HugepageLimit>();
    before.getHugepageLimitsList().forEach(limit -> pages.put(limit.getPageSize(), limit));
    wish.getHugepageLimitsList().forEach(limit -> pages.put(limit.getPageSize(), limit));
    return after.addAllHugepageLimits(pages.values()).build();
  }

  /// The CRI counts memory and swap together. When only the memory changes, the swap on top of it
  /// stays.
  private static long swap(LinuxContainerResources before, LinuxContainerResources wish) {
    long given = wish.getMemorySwapLimitInBytes();
    long old = before.getMemorySwapLimitInBytes();
    long memory = wish.getMemoryLimitInBytes();
    if (given != 0 || memory == 0 || old <= 0) {
      return either(given, old);
    }
    if (memory < 0 || before.getMemoryLimitInBytes() <= 0) {
      return memory < 0 ? 0 : old;
    }
    long onTop = old - before.getMemoryLimitInBytes();
    return memory > Long.MAX_VALUE - onTop ? -1 : memory + onTop;
  }

  private static long either(long given, long otherwise) {
    return given == 0 ? otherwise : given;
  }
}
