// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.IDMapping;
import io.criollo.cri.v1.Int64Value;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.UserNamespace;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UserNamespaceIT {
  private static final int FIRST = 1_000_000;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void theyAreOfferedWhereTheRuntimeMapsMounts() throws Exception {
    String said = Command.run(CriolloNode.runtime(), "features");

    assertThat(offered())
        .isEqualTo(said.replaceAll("\\s", "").contains("\"idmap\":{\"enabled\":true"));
  }

  @Test
  void containersShareTheMappedUsersOfTheirPod() throws Exception {
    for (NamespaceMode pid : List.of(NamespaceMode.CONTAINER, NamespaceMode.POD)) {
      PodSandboxConfig config = config("users-" + pid.getNumber(), pid, mapping(0));
      if (!offered()) {
        Statuses.assertRefused(
            Code.FAILED_PRECONDITION, () -> criollo.run(config), "user namespaces need");
        continue;
      }
      Pod pod = criollo.run(config);
      String a = pod.createAndStart(sleeper("a", config));
      String b = pod.createAndStart(sleeper("b", config));

      assertThat(pod.output(a, "cat", "/proc/self/uid_map").split("\\s+"))
          .containsExactly("0", "" + FIRST, "65536");
      assertThat(user(pod, a)).isEqualTo(user(pod, b)).isNotEqualTo(ownUser());
      assertThat(pod.output(a, "stat", "-c", "%u:%g", "/bin/busybox")).isEqualTo("0:0");
      assertThat(pod.output(a, "sh", "-c", "echo x >/new && stat -c %u /new")).isEqualTo("0");
      assertThat(pod.output(a, "hostname")).isEqualTo(config.getHostname());
      assertThat(pod.output(a, "sh", "-c", "ls /sys/class/net; ip addr"))
          .contains("eth0", pod.ip());
      assertThat(pod.output(a, "sh", "-c", "echo y >/dev/shm/y; cat /etc/resolv.conf >/dev/null"))
          .isEmpty();
      assertThat(pod.output(b, "cat", "/dev/shm/y")).isEqualTo("y");
      assertThat(Files.readString(Path.of("/proc", process(pod, a), "status")))
          .contains("Uid:\t" + FIRST);
      pod.remove();
    }
  }

  @Test
  void parametersOfTheKernelAreSetInTheNamespacesOfTheMappedUsers() throws Exception {
    if (!offered()) {
      return;
    }
    for (NamespaceMode pid : List.of(NamespaceMode.CONTAINER, NamespaceMode.POD)) {
      var change = config("sysctls-" + pid.getNumber(), pid, mapping(0)).toBuilder();
      change
          .getLinuxBuilder()
          .putSysctls("net.ipv4.ip_forward", "1")
          .putSysctls("kernel.shm_rmid_forced", "1")
          .putSysctls("fs.mqueue.msg_max", "7");
      PodSandboxConfig config = change.build();
      Pod pod = criollo.run(config);
      String a = pod.createAndStart(sleeper("a", config));

      assertThat(pod.output(a, "cat", "/proc/sys/net/ipv4/ip_forward")).isEqualTo("1");
      assertThat(pod.output(a, "cat", "/proc/sys/kernel/shm_rmid_forced")).isEqualTo("1");
      assertThat(pod.output(a, "cat", "/proc/sys/fs/mqueue/msg_max")).isEqualTo("7");
      pod.remove();
    }
    var wrong = config("sysctls-wrong", NamespaceMode.CONTAINER, mapping(0)).toBuilder();
    wrong.getLinuxBuilder().putSysctls("kernel.shm_rmid_forced", "much");
    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> criollo.run(wrong.build()), "config.linux.sysctls");
  }

  @Test
  void aVolumeIsMappedWhenItAsksForIt() throws Exception {
    if (!offered()) {
      return;
    }
    Path volume = Files.createDirectory(criollo.node().logs().resolve("volume"));
    Files.writeString(volume.resolve("given"), "z");
    PodSandboxConfig config = config("volume", NamespaceMode.CONTAINER, mapping(0));
    Pod pod = criollo.run(config);
    var mount =
        Mount.newBuilder()
            .setContainerPath("/v")
            .setHostPath(volume.toString())
            .addUidMappings(mapping(0))
            .addGidMappings(mapping(0));
    String a = pod.createAndStart(sleeper("a", config).addMounts(mount));

    assertThat(pod.output(a, "stat", "-c", "%u", "/v/given")).isEqualTo("0");
    pod.output(a, "touch", "/v/made");
    assertThat(Files.getAttribute(volume.resolve("made"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void defaultMountsBelongToThePodsRoot() throws Exception {
    if (!offered()) {
      return;
    }
    Path secrets = Files.createDirectory(criollo.node().logs().resolve("secrets"));
    Files.writeString(secrets.resolve("key"), "of the node\n");
    Path conf = criollo.node().logs().resolve("mounts.conf");
    Files.writeString(conf, secrets + ":/run/secrets\n");
    criollo.restart("--default-mounts-file=" + conf);
    PodSandboxConfig config = config("default-mounts", NamespaceMode.CONTAINER, mapping(0));
    Pod pod = criollo.run(config);
    String a = pod.createAndStart(sleeper("a", config));

    assertThat(pod.output(a, "stat", "-c", "%u:%g", "/run/secrets", "/run/secrets/key"))
        .isEqualTo("0:0\n0:0");
    assertThat(pod.output(a, "cat", "/run/secrets/key")).isEqualTo("of the node");
  }

  @Test
  void outputsCanBeOpenedByName() throws Exception {
    if (!offered()) {
      return;
    }
    PodSandboxConfig config = config("outputs", NamespaceMode.CONTAINER, mapping(0));
    Pod pod = criollo.run(config);
    String script = "echo out >/dev/stdout; echo err >/dev/stderr; exec sleep 1000";
    for (long uid : List.of(0L, 1000L)) {
      var container =
          sleeper("user" + uid, config).clearCommand().addAllCommand(List.of("sh", "-c", script));
      container
          .getLinuxBuilder()
          .getSecurityContextBuilder()
          .setRunAsUser(Int64Value.newBuilder().setValue(uid));
      String id = pod.createAndStart(container);
      Path log = Path.of(pod.status(id).getLogPath());
      Patience.await(
          "both lines are logged",
          Duration.ofSeconds(30),
          () -> Files.readAllLines(log).size() == 2);

      assertThat(log).content().contains(" stdout F out\n", " stderr F err\n");
      assertThat(pod.output(id, "sh", "-c", "echo told >/dev/stdout")).isEqualTo("told");
      pod.remove(id);
    }
  }

  @Test
  void theNodesNetworkCanBeHadWithUsersOfItsOwn() throws Exception {
    if (!offered()) {
      return;
    }
    for (NamespaceMode pid : List.of(NamespaceMode.CONTAINER, NamespaceMode.POD)) {
      var change = config("node-network-" + pid.getNumber(), pid, mapping(0)).toBuilder();
      change
          .getLinuxBuilder()
          .getSecurityContextBuilder()
          .getNamespaceOptionsBuilder()
          .setNetwork(NamespaceMode.NODE);
      PodSandboxConfig config = change.build();
      Pod pod = criollo.run(config);
      String a = pod.createAndStart(sleeper("a", config));

      assertThat(pod.output(a, "readlink", "/proc/self/ns/net"))
          .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
      assertThat(user(pod, a)).isNotEqualTo(ownUser());
      assertThat(pod.output(a, "cat", "/proc/self/uid_map").split("\\s+")).contains("" + FIRST);
      assertThat(pod.output(a, "ls", "/sys/class/net")).contains("uplink0");
      assertThat(pod.exec(a, "touch", "/sys/kernel/uevent_helper").getExitCode()).isNotZero();
      assertThat(pod.exec(a, "ip", "link", "set", "uplink0", "down").getExitCode()).isNotZero();

      criollo.daemon().kill();
      criollo.startAgain();
      assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
      String b = pod.createAndStart(sleeper("b", config));
      assertThat(user(pod, b)).isEqualTo(user(pod, a));
      pod.remove();
    }
  }

  @Test
  void thePodIsThereAfterARestart() throws Exception {
    if (!offered()) {
      return;
    }
    PodSandboxConfig config = config("kept", NamespaceMode.CONTAINER, mapping(0));
    Pod pod = criollo.run(config);
    String a = pod.createAndStart(sleeper("a", config));

    criollo.daemon().kill();
    criollo.startAgain();

    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    String b = pod.createAndStart(sleeper("b", config));
    assertThat(user(pod, b)).isEqualTo(user(pod, a));
  }

  @Test
  void whatDoesNotFitIsRefused() throws Exception {
    refused("two", NamespaceMode.CONTAINER, mapping(0), mapping(65536));
    refused("no-root", NamespaceMode.CONTAINER, mapping(1));
    refused("node-pid", NamespaceMode.NODE, mapping(0));
  }

  @Test
  void aUserThatTheNamespaceDoesNotHaveIsRefused() throws Exception {
    if (!offered()) {
      return;
    }
    PodSandboxConfig config = config("beyond", NamespaceMode.CONTAINER, mapping(0));
    Pod pod = criollo.run(config);
    var container = sleeper("a", config);
    var security = container.getLinuxBuilder().getSecurityContextBuilder();
    security.getRunAsUserBuilder().setValue(65536);
    Statuses.assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(container), "user \"65536\"");
    security.getRunAsUserBuilder().setValue(65535);
    security.addSupplementalGroups(70000);
    Statuses.assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(container), "group \"70000\"");
    pod.remove();
  }

  private static void refused(String name, NamespaceMode pid, IDMapping... mappings)
      throws IOException {
    PodSandboxConfig config = config(name, pid, mappings);
    Statuses.assertRefused(Code.INVALID_ARGUMENT, () -> criollo.run(config));
  }

  private static boolean offered() {
    return criollo.features().getUserNamespaces();
  }

  private static IDMapping mapping(int container) {
    return IDMapping.newBuilder()
        .setContainerId(container)
        .setHostId(FIRST)
        .setLength(65536)
        .build();
  }

  private static PodSandboxConfig config(String name, NamespaceMode pid, IDMapping... mappings)
      throws IOException {
    var users =
        UserNamespace.newBuilder()
            .setMode(NamespaceMode.POD)
            .addAllUids(List.of(mappings))
            .addAllGids(List.of(mappings));
    var config = criollo.config(name);
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setNamespaceOptions(NamespaceOption.newBuilder().setPid(pid).setUsernsOptions(users));
    return config.build();
  }

  private static ContainerConfig.Builder sleeper(String name, PodSandboxConfig pod) {
    var container = Pod.container(name, TestImages.BUSYBOX, "sleep", "1000");
    container
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setNamespaceOptions(pod.getLinux().getSecurityContext().getNamespaceOptions());
    return container;
  }

  private static String user(Pod pod, String container) {
    return pod.output(container, "readlink", "/proc/self/ns/user");
  }

  private static String ownUser() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/user")).toString();
  }

  private static String process(Pod pod, String container) throws IOException {
    String parent = pod.config().getLinux().getCgroupParent();
    return Files.readAllLines(
            Path.of("/sys/fs/cgroup" + parent, "criollo-" + container, "cgroup.procs"))
        .getFirst();
  }
}
