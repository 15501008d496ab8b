// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.cdi.CdiEdits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What only the host can tell: where mount sources really are, which numbers devices have, what
/// profile files say.
record HostParts(
    List<BindMount> mounts,
    HostDevices devices,
    CdiEdits cdi,
    @Nullable OciSeccomp seccomp,
    @Nullable String appArmorProfile) {
  HostParts {
    mounts = List.copyOf(mounts);
  }

  /// Asks the host. Mounts come last, since they may make a directory.
  static HostParts find(SpecInput input) {
    var cdi = CdiPart.of(input);
    var devices = CdiNodes.with(HostDevices.find(input), cdi.deviceNodes(), input.user());
    var seccomp = SeccompPart.of(input);
    var appArmor = AppArmorPart.of(input);
    RootfsCheck.check(input);
    var volumes = ImageVolumes.of(input);
    var mounts = new ArrayList<>(HostMounts.find(input));
    mounts.addAll(DefaultMounts.make(input, mounts));
    mounts.addAll(volumes.make(List.copyOf(mounts)));
    return new HostParts(mounts, devices, cdi, seccomp, appArmor);
  }
}
