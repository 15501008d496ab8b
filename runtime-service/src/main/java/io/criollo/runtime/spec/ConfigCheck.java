// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;

/// What can be said about a request without asking the host and what no part checks on its way.
final class ConfigCheck {
  private ConfigCheck() {}

  static void check(SpecInput input) {
    privileged(input);
    SelinuxLabels.check(input.security().getSelinuxOptions());
    composable(input);
  }

  private static void privileged(SpecInput input) {
    Check.that(
        !input.privileged() || input.pod().getLinux().getSecurityContext().getPrivileged(),
        "config.linux.security_context.privileged",
        true,
        "the pod does not allow privileged containers");
  }

  /// Runs the parts that need nothing of the host, so that a bad request leaves no trace on it.
  private static void composable(SpecInput input) {
    ExecLimits.together(ArgsPart.of(input.container(), input.image()), EnvPart.of(input));
    var _ = WorkingDirPart.of(input.container(), input.image());
    var _ = CapabilityPart.of(input);
    var _ = NamespacePart.of(input);
    var _ = PathsPart.masked(input);
    var _ = PathsPart.readonly(input);
    var _ = MountRequest.of(input);
    var _ = PodWishes.of(input);
    var _ = CdiPart.names(input.container());
    var _ = ResourcePart.of(input.container().getLinux().getResources(), List.of(), input.node());
  }
}
