// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first process of a container, or one that `exec` adds.
///
/// @param oomScoreAdj -1000 to 1000
public record OciProcess(
    boolean terminal,
    User user,
    List<String> args,
    List<String> env,
    String cwd,
    Capabilities capabilities,
    boolean noNewPrivileges,
    @Nullable Integer oomScoreAdj,
    @Nullable String apparmorProfile,
    @Nullable String selinuxLabel,
    List<Rlimit> rlimits,
    @Nullable CpuAffinity execCPUAffinity) {
  public OciProcess {
    args = OciJson.present(args);
    env = OciJson.present(env);
    rlimits = OciJson.present(rlimits);
  }

  /// Whom it runs as.
  ///
  /// @param umask of its files; absent: the runtime's
  public record User(int uid, int gid, @Nullable Integer umask, List<Integer> additionalGids) {
    public User {
      additionalGids = OciJson.present(additionalGids);
    }
  }

  /// Where processes that `exec` adds run (OCI runtime specification 1.2.1, config.md).
  ///
  /// @param initial CPUs until they are in the container's cgroup, as `0-2,7`
  public record CpuAffinity(String initial) {}

  /// Sets of names with "CAP_", each sorted.
  public record Capabilities(
      List<String> bounding,
      List<String> effective,
      List<String> inheritable,
      List<String> permitted,
      List<String> ambient) {
    public Capabilities {
      bounding = OciJson.present(bounding);
      effective = OciJson.present(effective);
      inheritable = OciJson.present(inheritable);
      permitted = OciJson.present(permitted);
      ambient = OciJson.present(ambient);
    }
  }

  public byte[] toJson() {
    return OciJson.write(this);
  }
}
