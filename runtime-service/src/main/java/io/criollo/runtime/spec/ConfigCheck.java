// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;
import java.util.Map;

/// What can be said about a request without asking the host and what no part checks on its way.
final class ConfigCheck {
  private static final int LONGEST_LABEL = 4096;
  private static final long ALL_LABELS = 256 * 1024;

  private ConfigCheck() {}

  static void check(SpecInput input) {
    var container = input.container();
    labels("config.labels", container.getLabelsMap());
    labels("config.annotations", container.getAnnotationsMap(), Integer.MAX_VALUE);
    privileged(input);
    SelinuxLabels.check(input.security().getSelinuxOptions());
    composable(input);
  }

  static void labels(String field, Map<String, String> labels) {
    labels(field, labels, LONGEST_LABEL);
  }

  private static void labels(String field, Map<String, String> labels, int longest) {
    long all = 0;
    for (var label : labels.entrySet()) {
      long size = label.getKey().length() + (long) label.getValue().length();
      Check.that(
          size <= longest,
          field,
          label.getKey(),
          "must be at most " + longest + " long with its value");
      all += size;
    }
    Check.that(all <= ALL_LABELS, field, all + " characters", "must be at most 256 Ki in all");
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
