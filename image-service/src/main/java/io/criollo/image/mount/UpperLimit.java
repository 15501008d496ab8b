// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

/// How much each container may write to its own layer.
///
/// @param bytes 0 for no limit
/// @param inodes 0 for no limit
public record UpperLimit(long bytes, long inodes) {
  public static final UpperLimit NONE = new UpperLimit(0, 0);

  boolean isSet() {
    return bytes > 0 || inodes > 0;
  }
}
