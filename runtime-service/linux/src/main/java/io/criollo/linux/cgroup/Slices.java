// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.util.regex.Pattern;

/// Names of systemd.slice(5): dashes nest, `a-b.slice` lies in `a.slice`.
final class Slices {
  static final String SUFFIX = ".slice";

  /// What systemd.unit(5) allows, but for templates, which slices do not have.
  private static final Pattern NAME =
      Pattern.compile("(?=.{7,255}$)[A-Za-z0-9:_.\\\\]+(-[A-Za-z0-9:_.\\\\]+)*\\.slice");

  private Slices() {}

  /// {@return where systemd keeps a slice, as `/a.slice/a-b.slice`}
  ///
  /// @param named its name, or a path that ends with it
  /// @throws LinuxException EINVAL when the name is not one of a slice
  static String path(String named) throws LinuxException {
    var slice = unit(named);
    if (!NAME.matcher(slice).matches()) {
      throw new LinuxException(
          Errno.EINVAL,
          "use '" + named + "'",
          "cgroup_manager is systemd: it must be a slice such as kubepods-pod1.slice");
    }
    var path = new StringBuilder();
    for (int dash = slice.indexOf('-'); dash > 0; dash = slice.indexOf('-', dash + 1)) {
      path.append('/').append(slice, 0, dash).append(SUFFIX);
    }
    return path.append('/').append(slice).toString();
  }

  /// {@return the last part of a path: the name of the unit}
  static String unit(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
