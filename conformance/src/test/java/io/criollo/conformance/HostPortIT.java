// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PortMapping;
import io.criollo.cri.v1.Protocol;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ports of the node that lead into pods.
@AnyRuntime
class HostPortIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int PORT = 18090;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String BRIDGE = "10.88.0.1";

  private static PortMapping.Builder port(String hostIp) {
    return PortMapping.newBuilder()
        .setProtocol(Protocol.TCP)
        .setContainerPort(80)
        .setHostPort(PORT)
        .setHostIp(hostIp);
  }

  private static PodSandboxConfig.Builder config(String name, PortMapping.Builder port)
      throws IOException {
    return criollo.config(name).addPortMappings(port);
  }

  private static Pod web(PodSandboxConfig.Builder config) throws IOException {
    Pod pod = criollo.run(config.build());
    pod.createAndStart(Pod.container("web", TestImages.WEB));
    return pod;
  }

  private static void connect(String address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, PORT), (int) LONG.toMillis());
    }
  }

  private static void awaitAnswer(String address) throws IOException, InterruptedException {
    Patience.await(
        "an answer from " + address,
        LONG,
        () -> {
          try {
            connect(address);
            return true;
          } catch (ConnectException notYet) {
            return false;
          }
        });
  }

  private static void assertRefusedAt(String address) {
    assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
  }

  @Test
  void theNodeReachesItAtItsLoopbackAddressToo() throws Exception {
    Pod pod = web(config("loopback", port("")));

    awaitAnswer(LOOPBACK);
    connect(BRIDGE);
    pod.stop();
    assertRefusedAt(LOOPBACK);
  }

  @Test
  void withAnAddressItIsThatAddressOnly() throws Exception {
    web(config("bridge", port(BRIDGE)));
    awaitAnswer(BRIDGE);
    assertRefusedAt(LOOPBACK);

    web(config("loopback", port(LOOPBACK))); // the same port of another address
    awaitAnswer(LOOPBACK);
  }

  @Test
  void aPortLeadsIntoOnePodUntilThatIsStopped() throws Exception {
    Pod first = criollo.run(config("first", port("")).build());
    var second = config("second", port(LOOPBACK)).build();

    assertRefused(Code.FAILED_PRECONDITION, () -> criollo.run(second), "18090/TCP", first.id());
    criollo.restart();
    assertRefused(Code.FAILED_PRECONDITION, () -> criollo.run(second), "18090/TCP", first.id());
    first.stop();
    assertThat(criollo.run(second).id()).isNotEqualTo(first.id());
  }

  @Test
  void anSctpPortLeadsIntoThePodBesideTheTcpPortOfTheSameNumber() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/net/sctp")), "feature: SCTP");
    Pod pod = web(config("both", port("")).addPortMappings(port("").setProtocol(Protocol.SCTP)));
    pod.createAndStart(socat("server", "SCTP6-LISTEN:80,ipv6only=0,fork", "EXEC:/bin/hostname"));

    for (String address : List.of(LOOPBACK, BRIDGE, "[fd00:88::1]")) {
      Patience.await("an answer over SCTP", LONG, () -> sctp(address).equals("both\n"));
    }
    awaitAnswer(LOOPBACK);
    pod.stop();
    assertThat(sctp(BRIDGE)).contains("Connection refused");
  }

  /// A container that runs the node's socat, since busybox knows no SCTP.
  private static ContainerConfig.Builder socat(String name, String... addresses) {
    var container =
        Pod.container(name, TestImages.BUSYBOX, "/usr/bin/socat").addAllArgs(List.of(addresses));
    for (var folder : List.of("/usr", "/lib", "/lib64")) {
      if (Files.exists(Path.of(folder))) {
        container.addMounts(
            Mount.newBuilder().setHostPath(folder).setContainerPath(folder).setReadonly(true));
      }
    }
    return container;
  }

  /// {@return what the port says over SCTP, or why there is no association}
  private static String sctp(String address) throws IOException, InterruptedException {
    var target = "SCTP:" + address + ":" + PORT + ",connect-timeout=20";
    var socat = new ProcessBuilder("socat", "-u", "-T20", target, "STDOUT");
    var process = socat.redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return text;
  }

  @Test
  void portsAreMappedInANetworkWhosePluginsDoNot() throws Exception {
    Path network = criollo.node().networks().resolve("10-criollo.conflist");
    String before = Files.readString(network);
    String without = before.replaceFirst(",\\s*\\{\"type\": \"portmap\".*\\}\\}", "");
    assertThat(without).isNotEqualTo(before).doesNotContain("portmap");
    try {
      Files.writeString(network, without);
      Pod pod = web(config("bare", port("")));
      awaitAnswer(LOOPBACK);
      pod.remove();
      assertRefusedAt(LOOPBACK);
    } finally {
      Files.writeString(network, before);
    }
  }

  @Test
  void anAddressThatIsNoneIsInvalid() throws Exception {
    var config = config("odd", port("localhost")).build();
    assertRefused(Code.INVALID_ARGUMENT, () -> criollo.run(config), "host_ip", "localhost");
  }
}
