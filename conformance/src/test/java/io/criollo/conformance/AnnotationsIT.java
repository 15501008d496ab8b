// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.PodSandboxConfig;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What pods get by annotations, where their runtime handler allows them.
@AnyRuntime
class AnnotationsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir private Path dir = Path.of("");

  /// @param handler lines of the table of the runtime that pods get
  private void restart(String handler) throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            dir.resolve("criollo.conf"),
            "[crio.runtime.runtimes." + CriolloNode.runtime() + "]\n" + handler);
    criollo.restart("--config=" + file);
  }

  private static PodSandboxConfig wishes(String name) throws IOException {
    return criollo
        .config(name)
        .putAnnotations("shm-size.crio.io", "16Mi")
        .putAnnotations("umask.crio.io", "0027")
        .putAnnotations("devices.crio.io", "/dev/fuse:/dev/readable:r")
        .putAnnotations("unified-cgroup.crio.io/a", "memory.low=1048576;pids.max=MTIz")
        .putAnnotations("cgroup2-mount-hierarchy-rw.crio.io", "true")
        .build();
  }

  private static String sleeping(Pod pod, String name) {
    return pod.createAndStart(Pod.container(name, TestImages.BUSYBOX, "sleep", "1000"));
  }

  private static String shmKilobytes(Pod pod, String id) {
    return pod.output(id, "sh", "-c", "df -k /dev/shm | awk 'END { print $2 }'");
  }

  /// Of the first process: runc 1.1 gives those of exec another one.
  private static String umask(Pod pod, String id) {
    return pod.output(id, "grep", "Umask", "/proc/1/status").replaceAll("\\s+", " ");
  }

  @Test
  void aPodGetsWhatItsHandlerAllows() throws Exception {
    restart(
        """
        allowed_annotations = ["shm-size.crio.io", "umask.crio.io", "devices.crio.io",
          "unified-cgroup.crio.io", "cgroup2-mount-hierarchy-rw.crio.io"]
        """);
    Pod pod = criollo.run(wishes("allowed"));
    String id = sleeping(pod, "a");
    String other = sleeping(pod, "b");

    assertThat(shmKilobytes(pod, id)).isEqualTo("16384");
    assertThat(umask(pod, id)).isEqualTo("Umask: 0027");
    assertThat(pod.exec(id, "test", "-c", "/dev/readable").getExitCode()).isZero();
    assertThat(pod.output(id, "cat", "/sys/fs/cgroup/memory.low")).isEqualTo("1048576");
    assertThat(pod.output(id, "cat", "/sys/fs/cgroup/pids.max")).isEqualTo("123");
    assertThat(pod.output(other, "cat", "/sys/fs/cgroup/memory.low")).isEqualTo("0");
    assertThat(pod.exec(id, "mkdir", "/sys/fs/cgroup/own").getExitCode()).isZero();
    assertThat(pod.exec(id, "rmdir", "/sys/fs/cgroup/own").getExitCode()).isZero();

    restart(""); // nothing is allowed from now on
    assertThat(shmKilobytes(pod, sleeping(pod, "c"))).isEqualTo("16384");
    assertThat(pod.status().getAnnotationsMap()).containsEntry("shm-size.crio.io", "16Mi");
    assertThat(umask(pod, id)).isEqualTo("Umask: 0027");
  }

  @Test
  void whatItsHandlerDoesNotAllowHasNoEffect() throws Exception {
    restart("allowed_annotations = [\"io.kubernetes.cri-o.Devices\"]\n");
    Pod pod = criollo.run(wishes("forbidden"));
    String id = sleeping(pod, "a");

    assertThat(shmKilobytes(pod, id)).isEqualTo("65536");
    assertThat(umask(pod, id)).isEqualTo("Umask: 0022");
    assertThat(pod.exec(id, "test", "-e", "/dev/readable").getExitCode()).isOne();
    assertThat(pod.output(id, "cat", "/sys/fs/cgroup/memory.low")).isEqualTo("0");
    assertThat(pod.exec(id, "mkdir", "/sys/fs/cgroup/own").getExitCode()).isOne();
  }

  @Test
  void devicesAreAllowedWhereNoFileMentionsTheHandlerAndOnlySome() throws Exception {
    Pod pod = criollo.run(wishes("usual"));
    assertThat(pod.exec(sleeping(pod, "a"), "test", "-c", "/dev/readable").getExitCode()).isZero();

    Pod other =
        criollo.run(criollo.config("kmsg").putAnnotations("devices.crio.io", "/dev/kmsg").build());
    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> sleeping(other, "a"), "devices.crio.io", "allowed_devices");
  }

  @Test
  void aSizeThatIsNoneIsRefused() throws Exception {
    restart("allowed_annotations = [\"io.kubernetes.cri-o.ShmSize\"]\n");
    PodSandboxConfig config =
        criollo.config("much").putAnnotations("io.kubernetes.cri-o.ShmSize", "much").build();

    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> criollo.run(config), "shm-size.crio.io", "much");
  }

  /// A node has one CPU: that the runtime takes the document is seen, not where programs run.
  @Test
  void programsOfExecAreTiedToTheFirstCpuOfACpuset() throws Exception {
    restart("exec_cpu_affinity = \"first\"\n");
    Pod pod = criollo.pod("affinity");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container.getLinuxBuilder().getResourcesBuilder().setCpusetCpus("0");
    String id = pod.createAndStart(container);

    var request = ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true);
    assertThat(criollo.client().runtime().containerStatus(request.build()).getInfoOrThrow("info"))
        .contains("\"execCPUAffinity\":{\"initial\":\"0\"}");
    assertThat(pod.output(id, "grep", "Cpus_allowed_list", "/proc/self/status"))
        .matches("Cpus_allowed_list:\\s+0");
  }
}
