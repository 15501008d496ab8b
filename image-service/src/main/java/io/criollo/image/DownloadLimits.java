// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

/// What all pulls together may take.
///
/// @param layers how many are fetched and unpacked at once
/// @param bytesPerSecond from registries; 0 for no limit
public record DownloadLimits(int layers, long bytesPerSecond) {
  public static final DownloadLimits USUAL = new DownloadLimits(4, 0);
}
