// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PortMapping;
import io.criollo.cri.v1.Protocol;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whole behaviours that a kubelet relies on: namespaces, mounts, security, ports, streams.
class BehavioursIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final String V5 = "v5.channel.k8s.io";
  private static final Duration LONG = Duration.ofSeconds(60);

  private static String sleeper(Pod pod, String name) {
    return pod.createAndStart(Pod.container(name, TestImages.BUSYBOX, "sleep", "1000"));
  }

  @Test
  void aMessageKeepsTheWordsThatAKubeletLooksFor() {
    var request =
        PullImageRequest.newBuilder().setImage(CriClient.spec("127.0.0.1:1/nobody/home:1")).build();
    assertRefused(
        Code.UNKNOWN, // only then the kubelet reads the words
        () -> criollo.client().images().pullImage(request),
        "RegistryUnavailable");
  }

  @Test
  void aStreamingUrlHoldsOnce() throws Exception {
    Pod pod = criollo.pod("token");
    String id = sleeper(pod, "a");
    var request = AttachRequest.newBuilder().setContainerId(id).setStdout(true).build();
    var url = URI.create(criollo.client().runtime().attach(request).getUrl());
    var token = url.getPath().substring(url.getPath().lastIndexOf('/') + 1);

    assertThat(token).hasSize(8);
    try (var _ = ChannelClient.connect(url.toString(), V5);
        var http = HttpClient.newHttpClient()) {
      var again = HttpRequest.newBuilder(url).GET().build();
      assertThat(http.send(again, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
      var guess = HttpRequest.newBuilder(url.resolve("AAAAAAAA")).GET().build();
      assertThat(http.send(guess, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void inputThatIsThereOnceEndsWithItsFirstClient() throws Exception {
    Pod pod = criollo.pod("once");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "cat; echo over; sleep 1000")
                .setStdin(true)
                .setStdinOnce(true));
    var request = AttachRequest.newBuilder().setContainerId(id).setStdin(true).setStdout(true);
    try (var client =
        ChannelClient.connect(criollo.client().runtime().attach(request.build()).getUrl(), V5)) {
      client.send(ChannelClient.STDIN, "given\n");
      Patience.await(
          "it is repeated", LONG, () -> client.text(ChannelClient.STDOUT).contains("given"));
    }

    Patience.await(
        "its input has ended", LONG, () -> String.join("\n", pod.log("a")).contains(" F over"));
    assertThat(pod.log("a").getFirst()).endsWith(" stdout F given");
  }

  @Test
  void aPodWithTheNodesIpcSharesItsMemory() throws Exception {
    var config = criollo.config("ipc");
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setIpc(NamespaceMode.NODE);
    Pod pod = criollo.run(config.build());
    String id = sleeper(pod, "a");
    Path file = Files.writeString(Path.of("/dev/shm/of-the-node"), "node's\n");
    try {
      assertThat(pod.output(id, "cat", "/dev/shm/of-the-node")).isEqualTo("node's");
      assertThat(pod.output(id, "readlink", "/proc/1/ns/ipc"))
          .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/ipc")).toString());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void parametersOfTheKernelAreSetOnlyInThePodsOwnNamespaces() throws Exception {
    var config = criollo.config("sysctl");
    config
        .getLinuxBuilder()
        .putSysctls("net.ipv4.ip_forward", "1")
        .putSysctls("kernel.shm_rmid_forced", "1")
        .putSysctls("fs.mqueue.msg_max", "7");
    Pod pod = criollo.run(config.build());
    String id = sleeper(pod, "a");

    assertThat(pod.output(id, "cat", "/proc/sys/net/ipv4/ip_forward")).isEqualTo("1");
    assertThat(pod.output(id, "cat", "/proc/sys/kernel/shm_rmid_forced")).isEqualTo("1");
    assertThat(pod.output(id, "cat", "/proc/sys/fs/mqueue/msg_max")).isEqualTo("7");
    assertThat(Path.of("/proc/sys/kernel/shm_rmid_forced")).hasContent("0\n");
    for (var name :
        List.of("vm.swappiness", "kernel.hostname", "kernel.msgmax/../../vm/swappiness")) {
      var wrong = criollo.config("sysctl-wrong");
      wrong.getLinuxBuilder().putSysctls(name, "1");
      var request = RunPodSandboxRequest.newBuilder().setConfig(wrong).build();
      assertRefused(
          Code.INVALID_ARGUMENT,
          () -> criollo.client().runtime().runPodSandbox(request),
          "config.linux.sysctls");
    }
  }

  @Test
  void mountsComeFromTheHostAndGoThereAsAsked() throws Exception {
    Path volume = Files.createDirectory(criollo.node().logs().resolve("propagation"));
    sh("mount -t tmpfs volume " + volume + " && mount --make-rshared " + volume);
    try {
      for (var folder : List.of("early", "late", "inner")) {
        Files.createDirectory(volume.resolve(folder));
      }
      sh("mount -t tmpfs early " + volume + "/early");
      var config = criollo.config("propagation");
      config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
      Pod pod = criollo.run(config.build());
      String secluded = with(pod, "private", volume, MountPropagation.PROPAGATION_PRIVATE);
      String slave = with(pod, "slave", volume, MountPropagation.PROPAGATION_HOST_TO_CONTAINER);
      String shared = with(pod, "shared", volume, MountPropagation.PROPAGATION_BIDIRECTIONAL);

      sh("mount -t tmpfs late " + volume + "/late");
      assertThat(pod.exec(shared, "mount", "-t", "tmpfs", "inner", "/v/inner").getExitCode())
          .isZero();

      assertThat(mounts(pod, secluded)).containsExactlyInAnyOrder("/v", "/v/early");
      assertThat(mounts(pod, slave))
          .containsExactlyInAnyOrder("/v", "/v/early", "/v/late", "/v/inner");
      assertThat(mounts(pod, shared)).hasSize(4);
      assertThat(Files.readString(Path.of("/proc/self/mounts"))).contains(volume + "/inner tmpfs");
      pod.remove();
    } finally {
      sh("umount -R -l " + volume);
    }
  }

  private static String with(Pod pod, String name, Path volume, MountPropagation propagation) {
    var container =
        Pod.container(name, TestImages.BUSYBOX, "sleep", "1000")
            .addMounts(
                Mount.newBuilder()
                    .setHostPath(volume.toString())
                    .setContainerPath("/v")
                    .setPropagation(propagation));
    container.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    return pod.createAndStart(container);
  }

  private static List<String> mounts(Pod pod, String id) {
    return pod.output(id, "cat", "/proc/self/mounts")
        .lines()
        .map(line -> line.split(" ", -1)[1])
        .filter(point -> point.equals("/v") || point.startsWith("/v/"))
        .toList();
  }

  private static void sh(String script) throws IOException, InterruptedException {
    Command.run("sh", "-c", script);
  }

  @Test
  void aMountBelowAnotherIsMountedAfterIt() throws Exception {
    Path outer = Files.createDirectory(criollo.node().logs().resolve("outer"));
    Files.createDirectory(outer.resolve("in"));
    Path inner = Files.createDirectory(criollo.node().logs().resolve("inner"));
    Files.writeString(inner.resolve("file"), "inner\n");
    Pod pod = criollo.pod("order");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .addMounts(
                    Mount.newBuilder().setHostPath(inner.toString()).setContainerPath("/o/in"))
                .addMounts(
                    Mount.newBuilder().setHostPath(outer.toString()).setContainerPath("/o")));

    assertThat(pod.output(id, "cat", "/o/in/file")).isEqualTo("inner");
    var rro =
        Pod.container("b", TestImages.BUSYBOX, "true")
            .addMounts(
                Mount.newBuilder()
                    .setHostPath(outer.toString())
                    .setContainerPath("/o")
                    .setRecursiveReadOnly(true));
    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(rro), "recursive_read_only");
  }

  @Test
  void aUserWithoutPrivilegesHasNone() throws Exception {
    Pod pod = criollo.pod("nobody");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    var security = container.getLinuxBuilder().getSecurityContextBuilder();
    security.getRunAsUserBuilder().setValue(1000);
    security.getRunAsGroupBuilder().setValue(1001);
    security
        .addSupplementalGroups(1002)
        .setNoNewPrivs(true)
        .setReadonlyRootfs(true)
        .addMaskedPaths("/proc/cpuinfo")
        .addReadonlyPaths("/proc/sys");
    security.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault);
    security.getCapabilitiesBuilder().addAddCapabilities("NET_RAW").addDropCapabilities("KILL");
    String id = pod.createAndStart(container);

    for (var process : List.of("1", "self")) { // the first one, and one of an exec
      assertThat(pod.output(id, "cat", "/proc/" + process + "/status"))
          .contains("Uid:\t1000\t1000\t1000\t1000", "Gid:\t1001\t1001\t1001\t1001")
          .containsPattern("Groups:\\s+1001 1002 ?\n")
          .contains("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000");
    }
    long bounding =
        Long.parseLong(pod.output(id, "sh", "-c", "grep CapBnd /proc/1/status | cut -f 2"), 16);
    assertThat(bounding & (1 << 13)).as("NET_RAW").isNotZero();
    assertThat(bounding & (1 << 5)).as("KILL").isZero();
    assertThat(pod.output(id, "cat", "/proc/cpuinfo")).isEmpty();
    assertThat(pod.exec(id, "touch", "/new").getExitCode()).isNotZero();
  }

  @Test
  void aPrivilegedContainerHasAll() throws Exception {
    var config = criollo.config("privileged");
    config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    Pod pod = criollo.run(config.build());
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    String id = pod.createAndStart(container);

    assertThat(pod.output(id, "cat", "/proc/1/status"))
        .contains("Seccomp:\t0", "CapEff:\t000001ffffffffff");
    assertThat(pod.output(id, "sh", "-c", "grep ' /sys ' /proc/mounts")).contains("rw");
    assertThat(pod.exec(id, "ls", "/dev/kmsg").getExitCode()).isZero();
    var simple = criollo.pod("simple");
    assertRefused(Code.INVALID_ARGUMENT, () -> simple.create(container), "privileged");
  }

  @Test
  void aGroupNeedsAUser() throws Exception {
    Pod pod = criollo.pod("group");
    var container = Pod.container("a", TestImages.BUSYBOX, "true");
    container.getLinuxBuilder().getSecurityContextBuilder().getRunAsGroupBuilder().setValue(1001);

    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(container), "run_as_group");
  }

  @Test
  void aPortOfTheNodeLeadsToThePod() throws Exception {
    var config =
        criollo
            .config("port")
            .addPortMappings(
                PortMapping.newBuilder()
                    .setProtocol(Protocol.TCP)
                    .setContainerPort(80)
                    .setHostPort(18080))
            .addPortMappings(
                PortMapping.newBuilder().setContainerPort(81)) // of no port of the node
            .build();
    Pod pod = criollo.run(config);
    pod.createAndStart(Pod.container("web", TestImages.WEB));
    Pod other = criollo.pod("visitor");
    String client = sleeper(other, "c");
    String page = "http://" + pod.ip().replaceAll("\\.\\d+\\.\\d+$", ".0.1") + ":18080/";

    Patience.await(
        "the page comes",
        LONG,
        () -> other.output(client, "wget", "-q", "-O", "-", page).equals(TestImages.PAGE.strip()));
    pod.stop();
    assertThat(other.exec(client, "wget", "-T", "3", "-q", page).getExitCode()).isNotZero();
  }
}
