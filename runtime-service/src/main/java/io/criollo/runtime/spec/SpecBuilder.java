// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;

/// Makes the `config.json` of a container. What a request may say is checked first; only then is
/// the host asked, and only missing mount sources are made on it. No state; any thread.
public final class SpecBuilder {
  private SpecBuilder() {}

  /// Makes the document.
  ///
  /// @throws io.criollo.runtime.state.Refusal for what cannot be done; it names the field
  public static OciSpec build(SpecInput input) {
    ConfigCheck.check(input);
    return compose(input, HostParts.find(input));
  }

  private static OciSpec compose(SpecInput input, HostParts host) {
    return new OciSpec(
        OciSpec.VERSION,
        ProcessPart.of(input, host),
        new OciSpec.Root(input.paths().rootfs().toString(), input.readOnlyRoot()),
        MountPart.of(input, host),
        AnnotationPart.of(input),
        HookPart.of(input, host.cdi()),
        linux(input, host));
  }

  private static OciLinux linux(SpecInput input, HostParts host) {
    var limits =
        input.container().getLinux().getResources().toBuilder()
            .putAllUnified(PodWishes.of(input).unified())
            .build();
    var users = input.users();
    return new OciLinux(
        NamespacePart.of(input),
        users.map(UserNs::uids).map(List::of).orElse(List.of()),
        users.map(UserNs::gids).map(List::of).orElse(List.of()),
        host.devices().nodes(),
        input.paths().cgroupPath(),
        ResourcePart.of(limits, DeviceRulePart.of(input, host.devices()), input.node()),
        MountPart.rootfsPropagation(host.mounts()),
        host.seccomp(),
        PathsPart.masked(input),
        PathsPart.readonly(input),
        input.paths().labels().map(SelinuxLabels::files).orElse(null));
  }
}
