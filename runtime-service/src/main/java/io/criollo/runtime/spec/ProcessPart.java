// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.OciProcess.CpuAffinity;
import io.criollo.runtime.spec.OciProcess.User;
import org.jspecify.annotations.Nullable;

/// The container's first process.
final class ProcessPart {
  private ProcessPart() {}

  static OciProcess of(SpecInput input, HostParts host) {
    var args = ArgsPart.of(input.container(), input.image());
    var env = CdiPart.env(EnvPart.of(input), host.cdi());
    ExecLimits.together(args, env);
    var user = input.user();
    return new OciProcess(
        input.container().getTty(),
        new User(
            user.uid(),
            user.gid(),
            PodWishes.of(input).umask().orElse(null),
            CdiPart.groups(user.groups(), host.cdi())),
        args,
        env,
        WorkingDirPart.of(input.container(), input.image()),
        CapabilityPart.of(input),
        input.security().getNoNewPrivs(),
        oomScoreAdj(input),
        host.appArmorProfile(),
        input.paths().labels().map(SelinuxLabels::process).orElse(null),
        input.node().defaults().processes().rlimits(),
        execAffinity(input));
  }

  private static @Nullable CpuAffinity execAffinity(SpecInput input) {
    var cpus = input.container().getLinux().getResources().getCpusetCpus();
    return input.node().defaults().processes().execOnFirst() && !cpus.isEmpty()
        ? new CpuAffinity(new CpuList(cpus).first())
        : null;
  }

  /// Always set: the runtime's own score must not be inherited.
  private static int oomScoreAdj(SpecInput input) {
    long score = input.container().getLinux().getResources().getOomScoreAdj();
    return (int) Check.range("config.linux.resources.oom_score_adj", score, -1000, 1000);
  }
}
