// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;

/// What has to be made on the way to a cgroup.
final class Missing {
  private Missing() {}

  /// {@return the highest cgroup of the path that does not exist, or empty}
  ///
  /// @param shared the one above all pods, which no pod owns
  static String highest(CgroupDriver driver, String path, String shared) throws LinuxException {
    var above = path;
    var missing = "";
    while (!above.isEmpty() && !driver.at(above).exists()) {
      missing = above.equals(shared) ? missing : above;
      above = above.substring(0, above.lastIndexOf('/'));
    }
    return missing;
  }
}
