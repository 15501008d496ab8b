// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CniNetworkTest {
  @TempDir Path dir;
  private FakeNode node;

  @BeforeEach
  void twoPlugins() {
    node = new FakeNode(dir);
    node.plugin("first");
    node.plugin("second");
    node.conflist("10-net.conflist", "pods", "first", "second");
  }

  @Test
  void addRunsTheChainInOrderAndDelInReverse() throws Exception {
    var network = node.networks().defaultNetwork();

    var result = network.add(node.pod("p1"));
    network.del(node.pod("p1"));

    assertThat(result.addresses()).containsExactly("10.1.0.2", "fd00::2");
    assertThat(result.routes()).containsExactly(new Route("0.0.0.0/0", Optional.of("10.1.0.1")));
    assertThat(result.dns().nameservers()).containsExactly("10.1.0.1");
    assertThat(node.calls()).containsExactly("ADD first", "ADD second", "DEL second", "DEL first");
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void pluginIsToldThePodByItsEnvironment() throws Exception {
    node.networks().defaultNetwork().add(node.pod("p1"));

    assertThat(node.env("first", "ADD"))
        .contains(
            "CNI_COMMAND=ADD",
            "CNI_CONTAINERID=p1",
            "CNI_NETNS=/proc/self/ns/net",
            "CNI_IFNAME=eth0",
            "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;"
                + "K8S_POD_INFRA_CONTAINER_ID=p1;K8S_POD_UID=6d1f",
            "CNI_PATH=" + node.bin)
        .anyMatch(line -> line.startsWith("PATH=/"));
  }

  @Test
  void resultOfOnePluginReachesTheNextUnaltered() throws Exception {
    node.networks().defaultNetwork().add(node.pod("p1"));

    assertThat(node.stdin("first", "ADD").has("prevResult")).isFalse();
    assertThat(node.stdin("second", "ADD").path("prevResult").path("extra").asInt()).isEqualTo(7);
    assertThat(node.stdin("second", "ADD").path("name").asText()).isEqualTo("pods");
    assertThat(node.stdin("second", "ADD").path("cniVersion").asText()).isEqualTo("1.0.0");
  }

  @Test
  void delCarriesTheResultFromVersion040On() throws Exception {
    var network = node.networks().defaultNetwork();
    network.add(node.pod("p1"));
    network.del(node.pod("p1"));
    assertThat(node.stdin("first", "DEL").path("prevResult").path("extra").asInt()).isEqualTo(7);

    node.conf(
        "00-old.conflist",
        """
        {"cniVersion":"0.3.1","name":"old","plugins":[{"type":"first"}]}
        """);
    var old = node.networks().defaultNetwork();
    old.add(node.pod("p2"));
    old.del(node.pod("p2"));
    assertThat(node.stdin("first", "DEL").path("name").asText()).isEqualTo("old");
    assertThat(node.stdin("first", "DEL").has("prevResult")).isFalse();
  }

  @Test
  void capabilitiesBecomeRuntimeConfigOfThePluginsThatNameThem() throws Exception {
    node.conf(
        "00-caps.conflist",
        """
        {"cniVersion":"1.0.0","name":"caps","plugins":[
          {"type":"first","capabilities":{"portMappings":false,"io.kubernetes.cri.pod-annotations":true}},
          {"type":"second","capabilities":{"portMappings":true},"runtimeConfig":{"smuggled":1}}]}
        """);
    var tcp = new PortMapping("tcp", 8080, 80, Optional.of("127.0.0.1"));
    var none = new PortMapping("udp", 0, 53, Optional.empty());

    node.networks().defaultNetwork().add(node.pod("p1", tcp, none));

    assertThat(node.stdin("first", "ADD").has("runtimeConfig")).isFalse();
    assertThat(node.stdin("second", "ADD").has("capabilities")).isFalse();
    assertThat(node.stdin("second", "ADD").path("runtimeConfig"))
        .hasToString(
            "{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\","
                + "\"hostIP\":\"127.0.0.1\"}]}");
  }

  @Test
  void theResolverSettingsAndRangesReachThePluginsThatNameThemAlsoAtDel() throws Exception {
    node.conf(
        "00-caps.conflist",
        """
        {"cniVersion":"1.0.0","name":"caps","plugins":[
          {"type":"first","capabilities":{"dns":true,"ipRanges":true}},{"type":"second"}]}
        """);
    var dns = new Dns(List.of("10.0.0.10"), "", List.of("a.b"), List.of("ndots:5"));
    var pod =
        new PodAttachment(
            "p1",
            "default",
            "web",
            "u",
            Path.of("/proc/self/ns/net"),
            "eth0",
            new PodArguments(List.of(), Map.of(), dns, List.of("10.1.0.0/24", "fd00:1::/64")));
    node.networks().defaultNetwork().add(pod);
    node.networks().del(node.pod("p1"));

    for (var command : List.of("ADD", "DEL")) {
      assertThat(node.stdin("first", command).path("runtimeConfig"))
          .hasToString(
              "{\"dns\":{\"servers\":[\"10.0.0.10\"],\"searches\":[\"a.b\"],\"options\":[\"ndots:5\"]},"
                  + "\"ipRanges\":[[{\"subnet\":\"10.1.0.0/24\"}],[{\"subnet\":\"fd00:1::/64\"}]]}");
      assertThat(node.stdin("second", command).has("runtimeConfig")).isFalse();
    }
  }

  @Test
  void failedAddIsUndoneOverTheWholeChain() throws Exception {
    node.plugin(
        "second",
        "test $CNI_COMMAND != ADD || { echo '{\"code\":111,\"msg\":\"no luck\",\"details\":\"at all\"}'; exit 1; }");

    var failure = addFailure();

    assertThat(failure).hasMessage("plugin type=\"second\" failed (add): no luck; at all");
    assertThat(failure.code()).isEqualTo(111);
    assertThat(failure.details()).isEqualTo("at all");
    assertThat(node.calls()).containsExactly("ADD first", "ADD second", "DEL second", "DEL first");
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void anAddWithoutAnyAddressFailsAndIsUndone() throws Exception {
    node.plugin("second", "test $CNI_COMMAND != ADD || echo '{\"cniVersion\":\"1.0.0\"}'");

    assertThat(addFailure())
        .hasMessage(
            "network "
                + node.networks().defaultNetwork().name()
                + ": no plugin reported an address");
    assertThat(node.calls()).endsWith("DEL second", "DEL first");
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void failedUndoStaysListedUntilDelSucceeds() throws Exception {
    node.plugin("second", "echo '{\"code\":999,\"msg\":\"broken\"}'; exit 1");
    var networks = node.networks();
    var pod = node.pod("p1");

    var failure = addFailure();
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(networks.attachments()).containsExactly(pod);
    assertThatThrownBy(() -> networks.del(pod)).hasMessageContaining("failed (del): broken");
    assertThat(node.calls()).endsWith("DEL second", "DEL first");

    node.plugin("second");
    networks.del(pod);
    assertThat(networks.attachments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 0",
        "echo garbage",
        "echo '[]'",
        "echo '{\"ips\":'",
        "echo '{}{}'",
        "echo '{\"code\":5,\"msg\":\"says no and exits 0\"}'",
        "echo '{\"ips\":[{\"address\":\"10.1.0.2\"}]}'",
        "echo '{\"ips\":[{\"address\":\"10.1.0.2/33\"}]}'",
        "echo '{\"ips\":[{}]}'",
        "exit 3",
        "kill -SEGV $$",
        "head -c 2000000 /dev/zero",
        "head -c 2000000 /dev/zero >&2; exit 1",
        "printf '\\377\\376'; exit 9",
      })
  void hostilePluginFailsTheAddAndIsUndone(String body) throws Exception {
    node.plugin("second", "test $CNI_COMMAND = ADD || exit 0; " + body);

    assertThat(addFailure()).hasMessageStartingWith("plugin type=\"second\" failed (add): ");
    assertThat(node.calls()).endsWith("DEL second", "DEL first");
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void crashIsNamedWithWhatThePluginSaid() {
    node.plugin("second", "echo 'panic: nil' >&2; kill -SEGV $$");
    assertThat(addFailure())
        .hasMessage("plugin type=\"second\" failed (add): ended by SIGSEGV; panic: nil");
  }

  @Test
  void hangingPluginIsKilledWithItsChildren() throws Exception {
    node.plugin(
        "second",
        "test $CNI_COMMAND = ADD || exit 0; sleep 86400 & echo $! > '" + dir + "/pid'; wait");
    var network = node.networks(Optional.empty(), Duration.ofSeconds(6)).defaultNetwork();

    assertThatThrownBy(() -> network.add(node.pod("p1")))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniException.TRY_AGAIN_LATER))
        .hasMessageContaining("plugin type=\"second\" failed (add): killed after");

    var pid = Files.readString(dir.resolve("pid")).strip();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (runs(pid) && System.nanoTime() < end) {
      Thread.sleep(10); // a busy machine takes its time to end what was killed
    }
    assertThat(runs(pid)).isFalse();
    assertThat(node.calls()).endsWith("DEL second", "DEL first");
  }

  private static boolean runs(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void hangingDelLeavesTimeForTheOtherPlugins() throws Exception {
    node.plugin(
        "second",
        "test $CNI_COMMAND = ADD && echo '" + FakeNode.RESULT + "' && exit 0; sleep 86400");
    var network = node.networks(Optional.empty(), Duration.ofSeconds(2)).defaultNetwork();
    network.add(node.pod("p1"));

    assertThatThrownBy(() -> network.del(node.pod("p1")))
        .hasMessageContaining("failed (del): killed after");
    assertThat(node.calls()).endsWith("DEL second", "DEL first");
  }

  @Test
  void interruptedAddIsUndone() throws Exception {
    node.plugin(
        "second", "test $CNI_COMMAND = ADD || exit 0; touch '" + dir + "/hangs'; sleep 86400");
    var network = node.networks().defaultNetwork();
    var caught = new Throwable[1];
    var thread =
        Thread.ofVirtual()
            .start(() ->
                caught[0] =
                    catchThrowableOfType(
                        InterruptedException.class, () -> network.add(node.pod("p1"))));
    while (!Files.exists(dir.resolve("hangs"))) {
      Thread.sleep(1);
    }

    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();

    assertThat(caught[0]).isInstanceOf(InterruptedException.class);
    assertThat(node.calls()).endsWith("DEL second", "DEL first");
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void delWorksWhenTheNetworkIsGoneAndTheDaemonIsAnotherOne() throws Exception {
    node.networks().defaultNetwork().add(node.pod("p1"));
    Files.delete(node.conf.resolve("10-net.conflist"));

    var networks = node.networks();
    assertThat(networks.cached("p1")).map(CniNetwork::name).hasValue("pods");
    networks.del(node.pod("p1"));

    assertThat(node.calls()).endsWith("DEL second", "DEL first");
    assertThat(networks.attachments()).isEmpty();
  }

  @Test
  void daemonThatIsKilledDuringAddLeavesANoteToDetachBy() throws Exception {
    var note = dir.resolve("note");
    node.plugin(
        "second",
        "test $CNI_COMMAND != ADD || { cp '%s'/*.json '%s'; exit 1; }".formatted(node.cache, note));
    addFailure();
    assertThat(node.cacheFiles()).isEmpty();
    Files.move(note, node.cache.resolve("p1@eth0.json"));
    Files.createFile(node.cache.resolve(".p1@eth0.json.1-1.tmp"));

    var networks = node.networks();
    assertThat(networks.attachments()).containsExactly(node.pod("p1"));
    networks.del(node.pod("p1"));

    assertThat(node.stdin("first", "DEL").has("prevResult")).isFalse();
    assertThat(node.calls()).filteredOn("DEL first"::equals).hasSize(2);
    assertThat(node.cacheFiles()).isEmpty();
  }

  @Test
  void portsOfTheNodeAreMappedByPortmapWhereNoPluginOfTheChainAsks() throws Exception {
    var pod = node.pod("p1", new PortMapping("udp", 53, 5353, Optional.of("10.0.0.1")));
    assertThat(node.networks().defaultNetwork().mappingPorts()).isEmpty();

    node.plugin("portmap");
    node.networks().defaultNetwork().mappingPorts().orElseThrow().add(pod);
    node.networks().del(pod); // by the configuration of the ADD

    assertThat(node.calls())
        .containsExactly(
            "ADD first", "ADD second", "ADD portmap", "DEL portmap", "DEL second", "DEL first");
    assertThat(node.stdin("portmap", "DEL").path("runtimeConfig").path("portMappings"))
        .hasToString(
            "[{\"hostPort\":53,\"containerPort\":5353,\"protocol\":\"udp\",\"hostIP\":\"10.0.0.1\"}]");
  }

  @Test
  void aPluginThatAsksForPortsMapsThemAlone() throws Exception {
    node.plugin("portmap");
    node.conf(
        "10-net.conflist",
        """
        {"cniVersion":"1.0.0","name":"pods","plugins":[
          {"type":"first"},{"type":"second","capabilities":{"portMappings":true}}]}
        """);
    node.networks()
        .defaultNetwork()
        .mappingPorts()
        .orElseThrow()
        .add(node.pod("p1", new PortMapping("tcp", 80, 80, Optional.empty())));
    assertThat(node.calls()).containsExactly("ADD first", "ADD second");
    assertThat(node.stdin("second", "ADD").path("runtimeConfig").has("portMappings")).isTrue();
  }

  @Test
  void delMayBeRepeatedAndMayComeWithoutAnAdd() throws Exception {
    var network = node.networks().defaultNetwork();
    network.add(node.pod("p1"));
    network.del(node.pod("p1"));
    network.del(node.pod("p1"));
    network.del(node.pod("never"));

    assertThat(node.calls()).endsWith("DEL second", "DEL first", "DEL second", "DEL first");
    assertThat(node.stdin("first", "DEL").has("prevResult")).isFalse();
  }

  @Test
  void delSaysThatTheNamespaceIsGone() throws Exception {
    var pin = Files.createFile(dir.resolve("unmounted"));
    for (var gone : List.of(pin, dir.resolve("missing"))) {
      var pod = new PodAttachment("p1", "default", "web", "u", gone, "eth0", PodArguments.NONE);
      node.networks().defaultNetwork().del(pod);
      assertThat(node.env("first", "DEL")).contains("CNI_NETNS=");
    }
  }

  @Test
  void delNamesAPluginThatIsMissingAndRunsTheOthers() throws Exception {
    var network = node.networks().defaultNetwork();
    network.add(node.pod("p1"));
    Files.delete(node.bin.resolve("second"));

    assertThatThrownBy(() -> network.del(node.pod("p1")))
        .hasMessageContaining("type=\"second\" is in none of");
    assertThat(node.calls()).endsWith("DEL first");
    assertThat(node.networks().attachments()).hasSize(1);
  }

  @Test
  void unwritableCacheRefusesBeforeAnyPluginRuns() throws Exception {
    Files.createFile(node.cache);
    assertThat(addFailure()).hasMessageContaining("results");
    assertThat(node.calls()).isEmpty();
  }

  private CniException addFailure() {
    return catchThrowableOfType(
        CniException.class, () -> node.networks().defaultNetwork().add(node.pod("p1")));
  }
}
