// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

/// How much one layer may become. What exceeds a limit is refused and its files are removed.
///
/// @param floor bytes that any layer may unpack to
/// @param ratio how many times its compressed size a layer may unpack to beyond that
/// @param entries files and directories in a layer
/// @param names bytes of directory names kept in memory until a layer is complete
public record UnpackLimits(long floor, long ratio, long entries, long names) {
  public static final UnpackLimits USUAL = new UnpackLimits(1L << 30, 200, 4_000_000, 32 << 20);

  /// {@return the most bytes that a layer of this compressed size may unpack to}
  long bytes(long compressed) {
    return Math.max(floor, Math.multiplyExact(ratio, Math.min(compressed, Long.MAX_VALUE / ratio)));
  }
}
