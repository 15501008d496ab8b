// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.DNSConfig;
import io.criollo.cri.v1.LinuxSandboxSecurityContext;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxFilter;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.PodSandboxStateValue;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.StopPodSandboxRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodLifecycleIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void anIpv6AddressCanBeUsedAtOnce() throws IOException {
    Pod pod = criollo.pod("ipv6");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    // address, interface, length of the prefix, scope, flags (0x40: tentative), name
    assertThat(pod.output(id, "cat", "/proc/net/if_inet6").lines())
        .filteredOn(line -> line.startsWith("fd00"))
        .singleElement()
        .asString()
        .containsPattern(" 00 [0-9a-f]{2} +eth0$")
        .doesNotContainPattern(" 00 [4-7c-f][0-9a-f] +eth0$");
    assertThat(pod.output(id, "cat", "/proc/sys/net/ipv6/conf/eth0/accept_dad")).isEqualTo("0");
  }

  @Test
  void aPodIsReadyAndHasAnAddressOfEachFamily() throws IOException {
    var status = criollo.pod("ready").status();

    assertThat(status.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(status.getCreatedAt()).isPositive();
    assertThat(status.getNetwork().getIp()).startsWith("10.88.");
    assertThat(status.getNetwork().getAdditionalIpsList())
        .singleElement()
        .satisfies(ip -> assertThat(ip.getIp()).startsWith("fd00:88::"));
  }

  @Test
  void namesLabelsAndAnnotationsComeBackUnchanged() throws IOException {
    PodSandboxConfig config =
        criollo.config("named").putLabels("a", "1").putAnnotations("b/c", "{\"d\": \"é\"}").build();

    var status = criollo.run(config).status();

    assertThat(status.getMetadata()).isEqualTo(config.getMetadata());
    assertThat(status.getLabelsMap()).isEqualTo(config.getLabelsMap());
    assertThat(status.getAnnotationsMap()).isEqualTo(config.getAnnotationsMap());
  }

  @Test
  void aStoppedPodIsNotReadyAndARemovedOneIsNotFound() throws IOException {
    Pod pod = criollo.pod("stopped");

    pod.stop();
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    pod.remove();
    assertRefused(Code.NOT_FOUND, pod::status, pod.id());
  }

  @Test
  void stoppingAndRemovingMayBeRepeatedAndMayNameNoPod() throws IOException {
    Pod pod = criollo.pod("repeated");
    pod.stop();
    pod.stop();
    pod.remove();
    pod.stop();
    pod.remove();

    var runtime = criollo.client().runtime();
    runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId("none").build());
    runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId("none").build());
  }

  @Test
  void removingAPodTakesItsRunningContainersAlong() throws IOException {
    Pod pod = criollo.pod("full");
    String running = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String created = pod.create(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    pod.remove();

    assertRefused(Code.NOT_FOUND, () -> pod.status(running));
    assertRefused(Code.NOT_FOUND, () -> pod.status(created));
  }

  @Test
  void conditionsOfAFilterAllHaveToHold() throws IOException {
    Pod ready = criollo.run(criollo.config("one").putLabels("color", "red").build());
    Pod stopped = criollo.run(criollo.config("two").putLabels("color", "red").build());
    stopped.stop();
    var red = PodSandboxFilter.newBuilder().putLabelSelector("color", "red");
    var state = PodSandboxStateValue.newBuilder().setState(PodSandboxState.SANDBOX_READY);

    assertThat(ids(red)).containsExactlyInAnyOrder(ready.id(), stopped.id());
    assertThat(ids(red.setState(state))).containsExactly(ready.id());
    assertThat(ids(red.setId(ready.id().substring(0, 20)))).containsExactly(ready.id());
    assertThat(ids(red.setId(stopped.id()))).isEmpty();
  }

  private static List<String> ids(PodSandboxFilter.Builder filter) {
    var request = ListPodSandboxRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listPodSandbox(request).getItemsList().stream()
        .map(PodSandbox::getId)
        .toList();
  }

  @Test
  void aPodMayComeWithoutACgroup() throws IOException {
    var config = criollo.config("no-cgroup");
    config.getLinuxBuilder().clearCgroupParent();
    Pod pod = criollo.run(config.build());
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.output(id, "cat", "/proc/1/cgroup")).isEqualTo("0::/");
  }

  @Test
  void theSameRequestTwiceGivesTheSamePod() throws IOException {
    PodSandboxConfig config = criollo.config("twice").build();

    assertThat(criollo.run(config).id()).isEqualTo(criollo.run(config).id());
  }

  @Test
  void anUnknownRuntimeHandlerIsRefused() throws IOException {
    var request =
        RunPodSandboxRequest.newBuilder()
            .setConfig(criollo.config("handler"))
            .setRuntimeHandler("nothing")
            .build();

    assertRefused(
        Code.INVALID_ARGUMENT, () -> criollo.client().runtime().runPodSandbox(request), "nothing");
  }

  @Test
  void containersShareNetworkIpcAndHostNameButNotProcesses() throws IOException {
    Pod pod = criollo.pod("shared");
    String a = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    for (String kind : List.of("net", "ipc", "uts")) {
      assertThat(namespace(pod, a, kind)).as(kind).isEqualTo(namespace(pod, b, kind));
    }
    for (String kind : List.of("pid", "mnt")) {
      assertThat(namespace(pod, a, kind)).as(kind).isNotEqualTo(namespace(pod, b, kind));
    }
    assertThat(pod.output(a, "hostname")).isEqualTo("shared");
    assertThat(pod.output(a, "cat", "/etc/hostname")).isEqualTo("shared");
    assertThat(pod.output(a, "sh", "-c", "echo x >/dev/shm/f; stat -f -c %T /dev/shm"))
        .isEqualTo("tmpfs");
    assertThat(pod.output(b, "cat", "/dev/shm/f")).isEqualTo("x");
  }

  private static String namespace(Pod pod, String container, String kind) {
    return pod.output(container, "readlink", "/proc/1/ns/" + kind);
  }

  @Test
  void aContainerIsReachedAtThePodsAddress() throws IOException {
    Pod server = criollo.pod("server");
    server.createAndStart(Pod.container("web", TestImages.WEB));
    Pod other = criollo.pod("other");
    String client = other.createAndStart(Pod.container("c", TestImages.BUSYBOX, "sleep", "1000"));
    String fetch = "for i in $(seq 50); do wget -q -O - http://%s/ && break; usleep 100000; done";

    assertThat(other.output(client, "sh", "-c", fetch.formatted(server.ip())))
        .isEqualTo(TestImages.PAGE.strip());
    String six = server.status().getNetwork().getAdditionalIps(0).getIp();
    assertThat(other.output(client, "sh", "-c", fetch.formatted("[" + six + "]")))
        .isEqualTo(TestImages.PAGE.strip());
  }

  @Test
  void resolvConfHoldsThePodsNameServers() throws IOException {
    var dns =
        DNSConfig.newBuilder()
            .addServers("10.96.0.10")
            .addSearches("default.svc.cluster.local")
            .addOptions("ndots:5");
    Pod pod = criollo.run(criollo.config("dns").setDnsConfig(dns).build());
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.output(id, "cat", "/etc/resolv.conf").lines())
        .containsExactlyInAnyOrder(
            "nameserver 10.96.0.10", "search default.svc.cluster.local", "options ndots:5");
  }

  @Test
  void withoutNameServersOfItsOwnAPodHasTheNodes() throws IOException {
    Pod pod = criollo.pod("dns-of-node");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.output(id, "cat", "/etc/resolv.conf"))
        .isNotEmpty()
        .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")).strip());
  }

  @Test
  void aPodOnTheHostsNetworkSeesTheNodesInterfaces() throws IOException {
    var host = NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE);
    var config = criollo.config("host").clearHostname();
    config
        .getLinuxBuilder()
        .setSecurityContext(LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(host));
    Pod pod = criollo.run(config.build());
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.status().getNetwork().getIp()).isEmpty();
    assertThat(pod.status().getLinux().getNamespaces().getOptions().getNetwork())
        .isEqualTo(NamespaceMode.NODE);
    assertThat(pod.output(id, "ls", "/sys/class/net")).contains("uplink0");
    String node = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    for (String name : List.of("hostname", "echo $HOSTNAME", "cat /etc/hostname")) {
      assertThat(pod.output(id, "sh", "-c", name)).as(name).isEqualTo(node);
    }
  }
}
