// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// What a file system holds; sizes in bytes.
///
/// @param type its magic number (statfs(2))
/// @param available free for unprivileged users
public record FsUsage(
    long type, long total, long free, long available, long inodes, long freeInodes) {
  public long used() {
    return total - free;
  }

  public long usedInodes() {
    return inodes - freeInodes;
  }
}
