// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniNetworksTest {
  @TempDir Path dir;
  private FakeNode node;

  @BeforeEach
  void onePlugin() {
    node = new FakeNode(dir);
    node.plugin("bridge");
  }

  @Test
  void nodeIsNotReadyUntilANetworkAppearsAndAgainWhenItGoes() throws Exception {
    var networks = node.networks();
    assertThat(networks.notReady())
        .hasValue(
            "No CNI configuration file in " + node.conf + ". Has your network provider started?");

    node.conflist("10-net.conflist", "pods", "bridge");
    assertThat(networks.notReady()).isEmpty();

    Files.delete(node.conf.resolve("10-net.conflist"));
    assertThat(networks.notReady()).isPresent();
  }

  @Test
  void onlyTheNodesOwnListAndLinkRuleOutDuplicateAddresses() throws Exception {
    assertThat(alone("bridge", "host-local", "isGateway")).isTrue();
    assertThat(alone("ptp", "host-local", "x")).isTrue();
    assertThat(alone("bridge", "host-local", "x")).isFalse();
    assertThat(alone("macvlan", "host-local", "isGateway")).isFalse();
    assertThat(alone("ptp", "dhcp", "x")).isFalse();
    assertThat(alone("ptp", "host-local", "enabledad")).isFalse();
  }

  private boolean alone(String type, String addresses, String on) throws CniException {
    node.conf(
        "10-net.conflist",
        """
        {"cniVersion": "1.0.0", "name": "pods",
         "plugins": [{"type": "%s", "ipam": {"type": "%s"}, "%s": true}]}
        """
            .formatted(type, addresses, on));
    return node.networks().defaultNetwork().isAlone();
  }

  @Test
  void missingFolderIsANodeWithoutNetwork() throws Exception {
    var networks = node.networks();
    Files.delete(node.conf);
    assertThat(networks.notReady()).get().asString().contains("No CNI configuration file");
  }

  @Test
  void firstValidFileInLexicalOrderWins() throws Exception {
    node.conflist("20-b.conflist", "b", "bridge");
    node.conflist("10-a.conflist", "a", "bridge");
    node.conf("05-broken.conflist", "{");
    node.conf("00-readme.txt", "no configuration");

    assertThat(node.networks().defaultNetwork().name()).isEqualTo("a");
  }

  @Test
  void configuredNetworkIsFoundByNameAndAwaitedWhenAbsent() throws Exception {
    node.conflist("10-a.conflist", "a", "bridge");
    var networks = node.networks(Optional.of("b"), Duration.ofSeconds(5));
    assertThat(networks.notReady()).get().asString().startsWith("CNI network b not found in ");

    node.conflist("20-b.conflist", "b", "bridge");
    assertThat(networks.defaultNetwork().name()).isEqualTo("b");
  }

  @Test
  void brokenFileIsNamedWithItsReason() {
    node.conf("10-net.conflist", "{\n \"name\": oops }");
    assertThat(node.networks().notReady())
        .get()
        .asString()
        .contains("10-net.conflist: line 2 column 1")
        .doesNotContain("\n");
  }

  @Test
  void changedFileIsReadAgain() throws Exception {
    node.conflist("10-a.conflist", "one", "bridge");
    var networks = node.networks();
    assertThat(networks.defaultNetwork().name()).isEqualTo("one");

    node.conflist("10-a.conflist", "another", "bridge");
    assertThat(networks.defaultNetwork().name()).isEqualTo("another");
  }

  @Test
  void pluginThatIsNotInstalledIsNamed() throws Exception {
    node.conflist("10-a.conflist", "a", "bridge", "absent");
    var networks = node.networks();
    assertThat(networks.notReady())
        .get()
        .asString()
        .startsWith("network a: plugin type=\"absent\" is in none of [" + node.bin);

    node.plugin("absent");
    assertThat(networks.notReady()).isEmpty();
  }

  @Test
  void newestVersionThatAllPluginsSpeakIsChosenByAskingOnce() throws Exception {
    node.plugin("old", speaks("0.4.0\",\"1.0.0"));
    node.plugin("new", speaks("1.0.0\",\"1.1.0"));
    node.conf(
        "10-a.conflist",
        """
        {"cniVersion":"0.4.0","cniVersions":["0.4.0","1.0.0","1.1.0","9.0.0"],"name":"a",
         "plugins":[{"type":"old"},{"type":"new"}]}
        """);
    var networks = node.networks();

    networks.defaultNetwork().add(node.pod("p1"));
    networks.defaultNetwork().add(node.pod("p2"));

    assertThat(node.stdin("new", "ADD").path("cniVersion").asText()).isEqualTo("1.0.0");
    assertThat(node.calls()).filteredOn(call -> call.startsWith("VERSION")).hasSize(2);
  }

  @Test
  void noCommonVersionIsIncompatible() {
    node.plugin("old", speaks("0.2.0"));
    node.conf(
        "10-a.conflist",
        """
        {"cniVersions":["1.0.0","1.1.0"],"name":"a","plugins":[{"type":"old"}]}
        """);
    assertThatThrownBy(() -> node.networks().defaultNetwork().add(node.pod("p1")))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniException.INCOMPATIBLE_VERSION));
  }

  @Test
  void closedNetworksAttachNoPodButStillDetach() throws Exception {
    node.conflist("10-a.conflist", "a", "bridge");
    var networks = node.networks();
    networks.defaultNetwork().add(node.pod("p1"));

    networks.close();

    assertThatThrownBy(networks::defaultNetwork).hasMessage("networks are closed");
    networks.del(node.pod("p1"));
    assertThat(networks.attachments()).isEmpty();
  }

  @Test
  void tornCacheFileHidesNoOther() throws Exception {
    node.conflist("10-a.conflist", "a", "bridge");
    var networks = node.networks();
    networks.defaultNetwork().add(node.pod("p1"));
    Files.writeString(node.cache.resolve("p2@eth0.json"), "{\"formatVersion\":1,\"pod\"");
    Files.writeString(node.cache.resolve("p3@eth0.json"), "");
    Files.writeString(node.cache.resolve("p4@eth0.json"), "{\"formatVersion\":2}");

    assertThat(networks.attachments()).extracting(PodAttachment::podId).containsExactly("p1");
    networks.del(node.pod("p2"));
    assertThat(node.calls()).last().isEqualTo("DEL bridge");
    assertThat(node.cache.resolve("p2@eth0.json")).doesNotExist();
  }

  private static String speaks(String versions) {
    return """
    case $CNI_COMMAND in
    VERSION) echo '{"cniVersion":"1.1.0","supportedVersions":["%s"]}';;
    ADD) echo '%s';;
    esac
    """
        .formatted(versions, FakeNode.RESULT);
  }
}
