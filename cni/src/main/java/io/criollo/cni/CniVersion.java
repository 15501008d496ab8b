// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The versions of the specification that are spoken here, in ascending order.
enum CniVersion {
  V0_3_0("0.3.0"),
  V0_3_1("0.3.1"),
  V0_4_0("0.4.0"),
  V1_0_0("1.0.0"),
  V1_1_0("1.1.0");

  private final String text;

  CniVersion(String text) {
    this.text = text;
  }

  static Optional<CniVersion> of(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  static String all() {
    return Arrays.stream(values()).map(CniVersion::toString).collect(Collectors.joining(", "));
  }

  /// {@return whether DEL carries the result of the ADD (specification 0.4.0, "DEL")}
  boolean delTakesResult() {
    return compareTo(V0_4_0) >= 0;
  }

  /// {@return whether plugins can be asked if an attachment is as it should be} (0.4.0, "CHECK").
  boolean hasCheck() {
    return compareTo(V0_4_0) >= 0;
  }

  /// {@return whether plugins can be asked if they work, and told what to keep} (1.1.0, "STATUS",
  /// "GC").
  boolean hasStatusAndGc() {
    return compareTo(V1_1_0) >= 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
