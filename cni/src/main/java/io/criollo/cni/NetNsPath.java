// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a DEL says of a network namespace that may be gone.
final class NetNsPath {
  private static final Path OWN = Path.of("/proc/self/ns/net");

  private NetNsPath() {}

  /// {@return the path, or an empty text when there is no namespace any more} A pin that was
  /// unmounted leaves a plain file, at which plugins fail instead of releasing what they hold.
  static String forDel(Path netNs) {
    try {
      // all namespaces are files of one nsfs
      var same = Files.getAttribute(netNs, "unix:dev").equals(Files.getAttribute(OWN, "unix:dev"));
      return same ? netNs.toString() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
