// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.linux.Mounts;
import io.criollo.linux.Namespace;
import io.criollo.linux.NetNs;
import io.criollo.linux.NsThread;
import io.criollo.linux.Spawn;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plugins of the distribution on the real kernel. Bridge, addresses and leases are the test's
/// own, so that it runs beside a node's real networks.
class CniKernelTest {
  private static final Path PLUGINS = Path.of("/usr/lib/cni");
  private static final String BRIDGE = "crtest0";
  private static final int HOST_PORT = 48080;
  private static final String POD = "kerneltest" + ProcessHandle.current().pid();

  @TempDir Path dir;
  private FakeNode files;
  private CniNetworks networks;
  private Path netNs;

  @BeforeEach
  void nodeWithBridgeAndNat() throws Exception {
    assumeTrue(Files.isDirectory(PLUGINS), "feature: CNI plugins in " + PLUGINS);
    assumeTrue(attempt("ip", "link", "add", BRIDGE, "type", "bridge"), "feature: bridge");
    assumeTrue(attempt("iptables", "-w", "-t", "nat", "-S"), "feature: iptables nat");
    assumeTrue(attempt("ip6tables", "-w", "-t", "nat", "-S"), "feature: ip6tables nat");
    files = new FakeNode(dir);
    networks =
        new CniNetworks(
            new CniSettings(
                files.conf,
                List.of(files.bin, PLUGINS),
                files.cache,
                Optional.empty(),
                Duration.ofSeconds(60)));
    netNs = dir.resolve("net");
    NetNs.pin(EnumSet.of(Namespace.NET), dir, () -> {});
  }

  @AfterEach
  void removeBridge() throws Exception {
    NetNs.unpin(dir);
    attempt("ip", "link", "del", BRIDGE);
  }

  @Test
  void bridgeWithPortMappingComesAndGoesForBothFamilies() throws Exception {
    files.conf(
        "10-pods.conflist",
        bridge("portmap\",\"snat\":true,\"capabilities\":{\"portMappings\":true},\"x\":\""));

    var result = networks.defaultNetwork().add(pod());

    assertThat(result.addresses()).containsExactly("10.213.77.2", "fd00:213:77::2");
    assertThat(inNetNs("ip", "addr", "show", "eth0"))
        .contains("10.213.77.2/24", "fd00:213:77::2/64");
    assertThat(inNetNs("ip", "route")).contains("default via 10.213.77.1");
    assertThat(inNetNs("ip", "-6", "route")).contains("default via fd00:213:77::1");
    assertThat(ports()).hasSize(1);
    assertThat(rules()).contains("--dport " + HOST_PORT, "10.213.77.2:80", "[fd00:213:77::2]:80");
    assertThat(leases()).contains("10.213.77.2", "fd00:213:77::2");
    assertThat(networks.attachments()).containsExactly(pod());

    networks.del(pod());
    // portmap keeps its fixed chains, which name no pod
    assertThat(rules()).doesNotContain(POD, String.valueOf(HOST_PORT), "10.213.77.2");
    assertThat(ports()).isEmpty();
    assertThat(leases()).isEmpty();
    assertThat(inNetNs("ip", "link")).doesNotContain("eth0");
    networks.del(pod());
  }

  @Test
  void hostPortAndPodAddressLeadIntoThePod() throws Exception {
    files.conf(
        "10-pods.conflist",
        bridge("portmap\",\"snat\":true,\"capabilities\":{\"portMappings\":true},\"x\":\""));
    var addresses = networks.defaultNetwork().add(pod()).addresses();

    try (var server = NsThread.call(netNs, () -> new ServerSocket(80, 8))) {
      for (var target :
          List.of(
              new InetSocketAddress(addresses.getFirst(), 80),
              new InetSocketAddress(addresses.getLast(), 80),
              new InetSocketAddress("10.213.77.1", HOST_PORT),
              new InetSocketAddress("fd00:213:77::1", HOST_PORT))) {
        try (var client = new Socket()) {
          client.connect(target, 10_000);
          try (var accepted = server.accept()) {
            assertThat(accepted.getLocalPort()).as(target.toString()).isEqualTo(80);
          }
        }
      }
    }
    networks.del(pod());
  }

  @Test
  void datagramsToThePortOfOneAddressLeadIntoThePod() throws Exception {
    files.conf(
        "10-pods.conflist",
        bridge("portmap\",\"snat\":true,\"capabilities\":{\"portMappings\":true},\"x\":\""));
    var pod =
        pod(
            new PortMapping("udp", HOST_PORT, 53, Optional.of("10.213.77.1")),
            new PortMapping("tcp", HOST_PORT, 80, Optional.of("127.0.0.1")));
    networks.defaultNetwork().add(pod);

    try (var node =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), HOST_PORT));
        var server = NsThread.call(netNs, () -> new DatagramSocket(53));
        var http = NsThread.call(netNs, () -> new ServerSocket(80, 8))) {
      send("127.0.0.1", "for the node");
      send("10.213.77.1", "for the pod");
      assertThat(received(server)).isEqualTo("for the pod");
      assertThat(received(node)).isEqualTo("for the node");

      try (var client = new Socket()) {
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), HOST_PORT), 10_000);
        try (var accepted = http.accept()) {
          assertThat(accepted.getLocalPort()).isEqualTo(80);
        }
      }
      assertThatThrownBy(() -> new Socket("10.213.77.1", HOST_PORT).close())
          .isInstanceOf(ConnectException.class);
    }
    networks.del(pod);
    assertThat(rules()).doesNotContain(String.valueOf(HOST_PORT));
  }

  private static void send(String address, String text) throws IOException {
    try (var client = new DatagramSocket()) {
      var bytes = text.getBytes(UTF_8);
      client.send(
          new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, HOST_PORT)));
    }
  }

  private static String received(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[100], 100);
    socket.setSoTimeout(20_000);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), UTF_8);
  }

  @Test
  void goneNamespaceStillFreesLeaseAndPort() throws Exception {
    files.conf(
        "10-pods.conflist",
        bridge("portmap\",\"snat\":true,\"capabilities\":{\"portMappings\":true},\"x\":\""));
    networks.defaultNetwork().add(pod());
    assertThat(Mounts.unmountIfMounted(netNs)).isTrue();
    Files.delete(files.conf.resolve("10-pods.conflist"));

    networks.del(pod());

    assertThat(leases()).isEmpty();
    assertThat(rules()).doesNotContain(String.valueOf(HOST_PORT));
    assertThat(networks.attachments()).isEmpty();
  }

  @Test
  void failureOfALaterPluginTakesBackWhatTheBridgeGave() throws Exception {
    files.conf(
        "10-pods.conflist", bridge("tuning\",\"sysctl\":{\"net.absent.option\":\"1\"},\"x\":\""));

    assertThatThrownBy(() -> networks.defaultNetwork().add(pod()))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("plugin type=\"tuning\" failed (add): ");

    assertThat(leases()).isEmpty();
    assertThat(ports()).isEmpty();
    assertThat(inNetNs("ip", "link")).doesNotContain("eth0");
    assertThat(networks.attachments()).isEmpty();
  }

  @Test
  void loopbackAloneIsANetwork() throws Exception {
    files.conf(
        "10-lo.conflist",
        """
        {"cniVersion":"1.0.0","name":"lo","plugins":[{"type":"loopback"}]}
        """);

    var result = networks.defaultNetwork().add(pod());

    assertThat(result.addresses()).contains("127.0.0.1");
    assertThat(inNetNs("ip", "link", "show", "lo")).contains("LOOPBACK,UP");
    networks.del(pod());
    assertThat(inNetNs("ip", "link", "show", "lo")).doesNotContain("LOOPBACK,UP");
  }

  @Test
  void versionIsAgreedWithTheRealPlugins() throws Exception {
    files.conf(
        "10-lo.conflist",
        """
        {"cniVersion":"0.4.0","cniVersions":["0.4.0","1.0.0"],"name":"lo","plugins":[{"type":"loopback"}]}
        """);
    networks.defaultNetwork().add(pod());
    assertThat(Files.readString(files.cacheFiles().getFirst()))
        .contains("\"cniVersion\":\"1.0.0\"");
    networks.del(pod());
  }

  /// A chain of bridge and one more plugin, given as the text after `"type":"`.
  private String bridge(String second) {
    return """
    {"cniVersion":"1.0.0","name":"crtest","plugins":[
      {"type":"bridge","bridge":"%s","isGateway":true,"ipMasq":true,"hairpinMode":true,
       "ipam":{"type":"host-local","dataDir":"%s/leases",
         "ranges":[[{"subnet":"10.213.77.0/24"}],[{"subnet":"fd00:213:77::/64"}]],
         "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}},
      {"type":"%s"}]}
    """
        .formatted(BRIDGE, dir, second);
  }

  private PodAttachment pod() {
    return pod(new PortMapping("tcp", HOST_PORT, 80, Optional.empty()));
  }

  private PodAttachment pod(PortMapping... ports) {
    return new PodAttachment(
        POD,
        "default",
        "web",
        "u1",
        netNs,
        "eth0",
        new PodArguments(List.of(ports), Map.of(), Dns.NONE, List.of()));
  }

  private List<String> leases() throws IOException {
    try (var leases = Files.list(dir.resolve("leases/crtest"))) {
      return leases
          .map(lease -> lease.getFileName().toString())
          .filter(name -> !name.startsWith("last_reserved") && !name.equals("lock"))
          .toList();
    }
  }

  private static List<String> ports() throws Exception {
    return run("ip", "-o", "link", "show", "master", BRIDGE).lines().toList();
  }

  private static String rules() throws Exception {
    return run("iptables-save", "-t", "nat") + run("ip6tables-save", "-t", "nat");
  }

  private String inNetNs(String... argv) throws Exception {
    var command = new String[argv.length + 2];
    command[0] = "nsenter";
    command[1] = "--net=" + netNs;
    System.arraycopy(argv, 0, command, 2, argv.length);
    return run(command);
  }

  private static String run(String... argv) throws Exception {
    var result = execute(argv);
    assertThat(result.exitCode())
        .as(() -> String.join(" ", argv) + ": " + text(result.stderr()))
        .isZero();
    return text(result.stdout());
  }

  private static boolean attempt(String... argv) throws Exception {
    return execute(argv).exitCode() == 0;
  }

  private static Spawn.Result execute(String... argv) throws Exception {
    var command = new String[argv.length + 1];
    command[0] = "/usr/bin/env";
    System.arraycopy(argv, 0, command, 1, argv.length);
    return Spawn.run(
        new Spawn.Command(
            List.of(command),
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            Optional.empty(),
            new byte[0],
            Duration.ofSeconds(60),
            1 << 20));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
