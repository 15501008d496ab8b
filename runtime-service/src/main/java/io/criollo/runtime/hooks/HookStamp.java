// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// By what a change of a file is seen, and who may change it: the programs of hooks run as root.
record HookStamp(Map<String, Object> file, Map<String, Object> folder) {
  private static final Path SELF = Path.of("/proc/self");
  private static final int WRITABLE_FOR_OTHERS = 0022;

  static HookStamp of(Path folder, Path file) throws IOException {
    return new HookStamp(
        Files.readAttributes(file, "unix:ino,ctime,size,uid,mode"),
        Files.readAttributes(folder, "unix:uid,mode"));
  }

  void requireTrusted() throws IOException {
    if (!trusted(file) || !trusted(folder)) {
      throw new IOException("it and its folder must be root's, and writable for nobody else");
    }
  }

  private static boolean trusted(Map<String, Object> attributes) throws IOException {
    int owner = number(attributes, "uid");
    boolean own = owner == 0 || owner == number(Files.readAttributes(SELF, "unix:uid"), "uid");
    return own && (number(attributes, "mode") & WRITABLE_FOR_OTHERS) == 0;
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Integer number ? number : -1;
  }
}
