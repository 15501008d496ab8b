// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where networks and plugins are found.
///
/// @param confDir folder of `.conflist`, `.conf` and `.json` files
/// @param pluginDirs folders that plugins are executed from, first match wins
/// @param cacheDir folder of the attachments' configuration and result, must survive a reboot
/// @param defaultNetwork the network of pods by name; empty = the first valid file's
/// @param timeout for one ADD or one DEL of the whole chain
public record CniSettings(
    Path confDir,
    List<Path> pluginDirs,
    Path cacheDir,
    Optional<String> defaultNetwork,
    Duration timeout) {
  public CniSettings {
    pluginDirs = List.copyOf(pluginDirs);
  }
}
