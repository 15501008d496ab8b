// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import java.nio.file.Path;
import java.time.Instant;

/// What something takes on the file system that a path is on, at a moment.
public record FsUsage(Path mountpoint, long bytes, long inodes, Instant at) {

  /// {@return both together}, at the later moment
  FsUsage plus(FsUsage later) {
    return new FsUsage(mountpoint, bytes + later.bytes, inodes + later.inodes, later.at);
  }
}
