// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Device;
import java.util.regex.Pattern;

/// A device as CRI-O's configuration has it: `HOST[:CONTAINER][:rwm]`.
public final class DeviceText {
  private static final Pattern FORM =
      Pattern.compile("(/dev/[^:]+)(?::(/dev/[^:]+))?(?::([rwm]+))?");

  private DeviceText() {}

  /// {@return the device}
  ///
  /// @throws IllegalArgumentException when the text is none
  public static Device parse(String text) {
    var parts = FORM.matcher(text);
    boolean formed = parts.matches();
    var access = formed && parts.group(3) != null ? parts.group(3) : "rwm";
    if (!formed || !HostDevices.ACCESS.matcher(access).matches()) {
      throw new IllegalArgumentException("must be such as /dev/sdc:/dev/xvdc:rwm, has " + text);
    }
    var host = parts.group(1);
    return Device.newBuilder()
        .setHostPath(host)
        .setContainerPath(parts.group(2) == null ? host : parts.group(2))
        .setPermissions(access)
        .build();
  }
}
