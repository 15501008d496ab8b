// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The image that nearly all others stand on: a static busybox and the files that a root needs.
/// Applets are hard links: were they soft, masking `/bin/ls` would mask them all.
final class Busybox {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      daemon:x:1:1:daemon:/usr/sbin:/bin/false
      www-data:x:33:33:www-data:/var/www:/bin/false
      nobody:x:65534:65534:nobody:/home:/bin/false
      """;
  private static final String GROUP =
      """
      root:x:0:
      daemon:x:1:
      tty:x:5:
      www-data:x:33:
      nogroup:x:65534:
      """;

  private Busybox() {}

  static TestImage image(Path busybox) throws IOException, InterruptedException {
    return new TestImage(
        List.of(Compression.GZIP.layer(root(busybox))),
        Map.of(
            "Cmd", List.of("sh"),
            "Env", List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")));
  }

  private static byte[] root(Path busybox) throws IOException, InterruptedException {
    var archive =
        new Archive()
            .folders("bin", "dev", "etc", "home", "proc", "sys", "usr", "usr/bin", "var", "var/run")
            .folders("var/log", "var/www", "lib", "lib64", "sbin", "usr/sbin", "run", "mnt")
            .folder("root", 0700)
            .folder("tmp", 01777)
            .text("etc/passwd", PASSWD)
            .text("etc/group", GROUP)
            .text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
            .file("bin/busybox", 0755, busybox);
    for (String applet : applets(busybox)) {
      if (!applet.equals("busybox") && !applet.equals("linuxrc")) {
        archive.hardLink("bin/" + applet, "bin/busybox");
      }
    }
    return archive.symbolicLink("usr/bin/env", "../../bin/env").finish();
  }

  private static List<String> applets(Path busybox) throws IOException, InterruptedException {
    Process list = new ProcessBuilder(busybox.toString(), "--list").start();
    List<String> names;
    try (var lines = list.inputReader()) {
      names = lines.lines().toList();
    }
    if (list.waitFor() != 0 || names.isEmpty()) {
      throw new IOException(busybox + " --list: exit status " + list.exitValue());
    }
    return names;
  }
}
