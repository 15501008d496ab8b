// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

/// Shares of cgroup v1, which the CRI speaks, as a weight of cgroup v2: a curve through (2, 1),
/// (1024, 100) and (262144, 10000), the one that the OCI runtimes have agreed on.
final class CpuWeight {
  static final String FILE = "cpu.weight";

  private static final long LEAST = 2;
  private static final long MOST = 262_144;

  private CpuWeight() {}

  static String ofShares(long shares) {
    if (shares <= LEAST) {
      return "1";
    }
    if (shares >= MOST) {
      return "10000";
    }
    double log = Math.log((double) shares) / Math.log(2);
    double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
    return Long.toString((long) Math.ceil(Math.pow(10, exponent)));
  }
}
