// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The only folders that plugins are executed from.
record PluginDirs(List<Path> dirs) {
  PluginDirs {
    dirs = List.copyOf(dirs);
  }

  /// @param type already known to be a plain file name
  Path find(String type) throws CniException {
    for (var dir : dirs) {
      var plugin = dir.resolve(type);
      if (Files.isRegularFile(plugin) && Files.isExecutable(plugin)) {
        return plugin.toAbsolutePath();
      }
    }
    throw new CniException(
        CniException.INVALID_NETWORK_CONFIG,
        "plugin type=\"" + type + "\" is in none of " + dirs + " as an executable file");
  }

  /// {@return the folders as `CNI_PATH`, where plugins look for those that they delegate to}
  String cniPath() {
    return dirs.stream()
        .map(dir -> dir.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
