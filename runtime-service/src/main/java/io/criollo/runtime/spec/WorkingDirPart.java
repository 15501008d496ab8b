// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.image.manifest.ImageConfig;

/// The directory that the process starts in: the request's, else the image's, else "/".
public final class WorkingDirPart {
  private WorkingDirPart() {}

  /// {@return an absolute path without ".." that does not lie in `/proc`}
  public static String of(ContainerConfig container, ImageConfig image) {
    if (!container.getWorkingDir().isEmpty()) {
      return checked("config.working_dir", container.getWorkingDir());
    }
    return image.workingDir().isEmpty()
        ? "/"
        : checked("working dir of the image", image.workingDir());
  }

  /// A directory in `/proc` may be an open descriptor of the runtime (CVE-2024-21626).
  private static String checked(String field, String directory) {
    var path = Check.absolutePath(field, directory);
    Check.that(!Check.isAtOrBelow(path, "/proc"), field, directory, "must not lie in /proc");
    return path;
  }
}
