// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.registry.Timeouts;
import java.time.Duration;

/// What all pulls together may take.
///
/// @param layers how many are fetched and unpacked at once
/// @param bytesPerSecond from registries; 0 for no limit
/// @param silence how long a registry may send nothing before its connection is given up
public record DownloadLimits(int layers, long bytesPerSecond, Duration silence) {
  public static final DownloadLimits USUAL = new DownloadLimits(4, 0, Timeouts.USUAL.stall());
}
