// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.OptionalLong;

/// How many threads a Go program is told to run at once where the kernel does not tell it: in
/// containers without a limit of CPU time, of pods that share CPUs. The rules are CRI-O's.
final class Gomaxprocs {
  static final String NAME = "GOMAXPROCS";

  private static final String SKIP = "skip-gomaxprocs.crio.io";
  private static final long SHARES_OF_A_CPU = 1024;

  private Gomaxprocs() {}

  /// {@return the number}; empty where none is to be set
  static OptionalLong of(SpecInput input) {
    long least = input.node().defaults().processes().leastGomaxprocs();
    var limits = input.container().getLinux().getResources();
    var parent = input.pod().getLinux().getCgroupParent();
    boolean shares = parent.contains("burstable") || parent.contains("besteffort");
    boolean skipped = input.pod().getAnnotationsMap().getOrDefault(SKIP, "").equals("true");
    if (least <= 0 || !shares || skipped || limits.getCpuQuota() > 0) {
      return OptionalLong.empty();
    }
    long twice = Math.ceilDiv(2 * Math.max(limits.getCpuShares(), 0), SHARES_OF_A_CPU);
    return OptionalLong.of(Math.max(twice, Math.max(least, 1)));
  }
}
