// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerUser;
import io.criollo.cri.v1.PodSandboxConfig;
import java.time.Instant;
import java.util.List;

/// What is known of containers that no test starts.
public final class TestRecords {
  private TestRecords() {}

  public static ContainerRecord container(
      ContainerId id, PodId pod, ContainerConfig config, Instant created, ContainerState state) {
    var image = new ContainerImage("sha256:1", "r@sha256:1", "busybox");
    var user = ContainerUser.getDefaultInstance();
    var place = new ContainerPlace("crun", image, "", "/p/c", user, "SIGTERM");
    return new ContainerRecord(id, pod, config, created, place, state);
  }

  /// {@return a container of some pod, which has nothing configured}
  public static ContainerRecord container(ContainerId id, Instant created, ContainerState state) {
    return container(id, PodId.random(), ContainerConfig.getDefaultInstance(), created, state);
  }

  /// {@return a ready pod, which has nothing configured}
  public static PodRecord pod(PodId id, String cgroup, Instant created) {
    var place = new PodPlace("pod", List.of(), cgroup, "");
    return new PodRecord(
        id, PodSandboxConfig.getDefaultInstance(), "", created, place, new PodState.Ready());
  }
}
