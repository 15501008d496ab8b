// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/// Layers for tests of users and their groups.
final class UserLayers {
  private static final Program DASH = new Program(Path.of("/bin/dash"));

  private UserLayers() {}

  /// {@return a user 1000 who is also in the group 50000}
  static Layer accounts() throws IOException {
    var archive =
        new Archive()
            .text(
                "etc/passwd",
                "root:x:0:0:root:/root:/bin/sh\ndefault-user:x:1000:1000::/:/bin/sh\n")
            .text(
                "etc/group",
                "root:x:0:\ndefault-user:x:1000:\ngroup-defined-in-image:x:50000:default-user\n");
    return Compression.GZIP.layer(archive.finish());
  }

  /// {@return `/bin/privileged-sh`, a shell that keeps the rights of its set-user-id bit}
  static Layer setUserIdShell() throws IOException, InterruptedException {
    var archive = new Archive().file("bin/privileged-sh", 04755, DASH.path());
    DASH.addLibraries(archive, new HashSet<>(List.of("bin", "lib", "lib64", "usr")));
    return Compression.GZIP.layer(archive.finish());
  }

  /// {@return the command of that shell with which it says as whom it runs}
  static List<String> printUser() {
    String script =
        """
        while read -r key real effective rest; do
          [ "$key" != Uid: ] || echo "Effective uid: $effective"
        done </proc/self/status\
        """;
    return List.of("/bin/privileged-sh", "-p", "-c", script);
  }
}
