// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.nio.file.Files;
import java.nio.file.Path;

/// The file of a time zone (tzfile(5)).
public final class TimeZoneFile {
  private static final Path ZONES = Path.of("/usr/share/zoneinfo");
  private static final Path OF_NODE = Path.of("/etc/localtime");

  private TimeZoneFile() {}

  /// {@return the file}
  ///
  /// @param name such as `Europe/Madrid`, or `Local` for the node's own
  /// @throws IllegalArgumentException when there is no such zone
  public static Path of(String name) {
    var file = name.equals("Local") ? OF_NODE : ZONES.resolve(name).normalize();
    boolean known = file.equals(OF_NODE) || (file.startsWith(ZONES) && Files.isRegularFile(file));
    if (!known) {
      throw new IllegalArgumentException("must be Local or a zone in " + ZONES + ", is " + name);
    }
    return file;
  }
}
