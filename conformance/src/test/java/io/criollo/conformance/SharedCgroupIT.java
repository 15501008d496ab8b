// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Pods in a parent that was not there: the daemon makes it, and the last of them takes it away.
class SharedCgroupIT {
  private static final Path TOP = Path.of("/sys/fs/cgroup/made-for-pods");

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static Pod run(String name, Path parent) throws IOException {
    var config = criollo.config(name);
    config
        .getLinuxBuilder()
        .setCgroupParent(parent.toString().substring("/sys/fs/cgroup".length()))
        .setResources(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(256 << 20));
    var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
    String id = criollo.client().runtime().runPodSandbox(request).getPodSandboxId();
    return Pod.adopt(criollo::client, config.build(), id);
  }

  private static String sleeper(Pod pod) {
    return pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
  }

  /// Without what a kubelet does to the cgroup.
  private static void remove(Pod pod) {
    criollo
        .client()
        .runtime()
        .removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.id()).build());
  }

  @Test
  void theLastPodOfAParentTakesItAway() throws Exception {
    Pod first = run("first", TOP);
    Pod second = run("second", TOP);
    sleeper(first);
    String id = sleeper(second);
    assertThat(TOP.resolve("memory.max")).as("no pod's alone").hasContent("max");

    remove(first);
    assertThat(second.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(TOP.resolve("criollo-" + id)).isDirectory();

    criollo.daemon().kill();
    criollo.startAgain();
    remove(second);
    assertThat(TOP).doesNotExist();
  }

  @Test
  void parentsBelowOneThatWasMissingGoOneByOne() throws Exception {
    Pod first = run("first", TOP.resolve("one"));
    Pod second = run("second", TOP.resolve("two"));
    sleeper(first);
    String id = sleeper(second);

    remove(first);
    assertThat(TOP.resolve("one")).doesNotExist();
    assertThat(second.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    remove(second);
    assertThat(TOP).doesNotExist();
  }

  @Test
  void whatWasMadeHalfWayGoesWithTheFailure() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> run("below-a-file", TOP.resolve("cgroup.procs/x")))
        .withMessageContaining("ENOTDIR");

    assertThat(TOP).doesNotExist();
  }
}
