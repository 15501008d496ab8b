// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cni.CniNetworks;
import io.criollo.cni.CniSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One network in a folder, whose chain is a script named `fake`.
final class FakeNetworks {
  private FakeNetworks() {}

  static CniNetworks in(Path dir, String script) throws IOException {
    plugin(dir, "fake", script);
    Files.createDirectories(dir.resolve("net.d"));
    Files.writeString(
        dir.resolve("net.d/1.conflist"),
        "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"plugins\":[{\"type\":\"fake\"}]}");
    return new CniNetworks(
        new CniSettings(
            dir.resolve("net.d"),
            List.of(dir.resolve("bin")),
            dir.resolve("cache"),
            Optional.empty(),
            Duration.ofSeconds(20)));
  }

  static void plugin(Path dir, String type, String script) throws IOException {
    var plugin = dir.resolve("bin").resolve(type);
    Files.createDirectories(dir.resolve("bin"));
    Files.writeString(plugin, script);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
  }
}
