// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.cri.v1.UInt64Value;

/// Numbers of the CRI that may be absent.
final class UInt64 {
  private UInt64() {}

  static UInt64Value of(long number) {
    return UInt64Value.newBuilder().setValue(number).build();
  }
}
