// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An overlay and its options. Up to a page of them goes through mount(2); beyond that each layer
/// is its own `lowerdir+` of the new mount interface (Linux 6.5).
record OverlayMount(
    List<Path> lowers, Optional<Path> upper, Optional<Path> work, List<String> options) {
  private static final int PAGE = 4096;

  /// fsconfig(2) takes strings below this.
  private static final int LONGEST_VALUE = 255;

  OverlayMount {
    lowers = List.copyOf(lowers);
    options = List.copyOf(options);
    if (lowers.isEmpty() || upper.isPresent() != work.isPresent()) {
      throw new IllegalArgumentException(
          "an overlay has lower directories, and upper with work or neither");
    }
  }

  void mount(Path target) throws LinuxException {
    var data = data();
    if (KernelString.encode(data).length < PAGE) {
      Mounts.mount("overlay", target, "overlay", upper.isEmpty() ? Mounts.MS_RDONLY : 0, data);
    } else {
      mountByParts(target);
    }
  }

  private String data() {
    var parts = new ArrayList<String>();
    parts.add("lowerdir=" + String.join(":", lowers.stream().map(OverlayMount::escape).toList()));
    upper.ifPresent(path -> parts.add("upperdir=" + escape(path)));
    work.ifPresent(path -> parts.add("workdir=" + escape(path)));
    parts.addAll(options);
    return String.join(",", parts);
  }

  /// overlayfs takes `:` and `,` for separators unless a backslash stands before.
  static String escape(Path path) {
    return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }

  private void mountByParts(Path target) throws LinuxException {
    var held = new ArrayList<Fd>();
    try (var context = FsContext.open("overlay")) {
      for (var lower : lowers) {
        context.set("lowerdir+", value(lower, held));
      }
      if (upper.isPresent() && work.isPresent()) {
        context.set("upperdir", value(upper.get(), held));
        context.set("workdir", value(work.get(), held));
      } else {
        context.set("ro");
      }
      for (var option : options) {
        context.setOption(option);
      }
      try (var mount = context.create()) {
        mount.attach(target);
      }
    } catch (LinuxException e) {
      var detail = e.errno() == Errno.EINVAL ? "; more than a page of layers needs Linux 6.5" : "";
      throw new LinuxException(e.errno(), "mount overlay on " + target, e.getMessage() + detail);
    } finally {
      held.forEach(Fd::close);
    }
  }

  /// A path too long for fsconfig(2) is named by a descriptor, held open until the mount is made.
  private static String value(Path path, List<Fd> held) throws LinuxException {
    var escaped = escape(path);
    if (KernelString.encode(escaped).length <= LONGEST_VALUE) {
      return escaped;
    }
    var fd = Fd.open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0);
    held.add(fd);
    return fd.procPath().toString();
  }
}
