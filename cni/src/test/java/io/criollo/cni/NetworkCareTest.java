// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// STATUS, CHECK and GC.
@Timeout(60)
class NetworkCareTest {
  private static final String FAILS =
      "echo '{\"code\":50,\"msg\":\"no daemon\",\"details\":\"yet\"}'; exit 1";

  /// Until it is allowed to go on, then begins to print.
  private static final String WAIT = "until test -e \"${0%/*}/../go\"; do sleep 0.02; done; echo '";

  @TempDir Path dir;
  private FakeNode node;

  @BeforeEach
  void twoPlugins() {
    node = new FakeNode(dir);
    node.plugin("first");
    node.plugin("second");
    network("1.1.0", "");
  }

  private void network(String version, String more) {
    node.conf(
        "10-pods.conflist",
        """
        {"cniVersion":"%s","name":"pods",%s"plugins":[{"type":"first","x":1},{"type":"second"}]}
        """
            .formatted(version, more));
  }

  @Test
  void statusAsksEveryPluginOfTheChain() throws Exception {
    assertThat(node.networks().status()).isEmpty();

    assertThat(node.calls()).containsExactly("STATUS first", "STATUS second");
    assertThat(node.stdin("first", "STATUS"))
        .hasToString("{\"type\":\"first\",\"x\":1,\"cniVersion\":\"1.1.0\",\"name\":\"pods\"}");
  }

  @Test
  void whatAPluginSaysIsTheReasonAndGoesAwayWithIt() throws Exception {
    var networks = node.networks();
    node.plugin("second", FAILS);
    assertThat(networks.status()).hasValueSatisfying(r -> assertThat(r).contains("no daemon; yet"));
    assertThat(networks.notReady()).as("no plugin runs for this").isEmpty();

    node.plugin("second");
    assertThat(networks.status()).isEmpty();
  }

  @Test
  void aPluginThatDoesNotAnswerIsNamedAfterAShortTime() throws Exception {
    node.plugin("second", "exec sleep 86400");
    var begin = System.nanoTime();

    assertThat(node.networks(Duration.ofMillis(900)).status())
        .hasValueSatisfying(r ->
            assertThat(r)
                .matches("plugin type=\"second\" failed \\(status\\): killed after \\d{1,3} ms"));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aPluginThatDoesNotTellItsVersionsIsNamedAfterTheSameTime() throws Exception {
    node.conf(
        "10-pods.conflist",
        """
        {"cniVersion":"1.1.0","cniVersions":["1.0.0","1.1.0"],"name":"pods",
         "plugins":[{"type":"first"},{"type":"second"}]}
        """);
    node.plugin("first", "exec sleep 86400");

    assertThat(node.networks(Duration.ofMillis(900)).status())
        .hasValueSatisfying(r ->
            assertThat(r)
                .matches("plugin type=\"first\" failed \\(version\\): killed after \\d{1,3} ms"));
  }

  @Test
  void olderNetworksAreNotAsked() throws Exception {
    network("1.0.0", "");
    node.plugin("second", FAILS);
    var networks = node.networks();

    assertThat(networks.status()).isEmpty();
    networks.gc();

    assertThat(node.calls()).isEmpty();
  }

  @Test
  void gcNamesTheAttachmentsOfItsNetwork() throws Exception {
    var networks = node.networks();
    networks.defaultNetwork().add(node.pod("p1"));
    networks.defaultNetwork().add(node.pod("p2"));
    node.conflist("00-other.conflist", "other", "first");
    networks.defaultNetwork().add(node.pod("p3"));
    network("1.1.0", "");
    java.nio.file.Files.delete(node.conf.resolve("00-other.conflist"));

    networks.gc();

    for (var type : List.of("first", "second")) {
      assertThat(node.stdin(type, "GC").path("cni.dev/valid-attachments"))
          .extracting(entry -> entry.path("containerID").asText() + entry.path("ifname").asText())
          .containsExactlyInAnyOrder("p1eth0", "p2eth0");
    }
  }

  @Test
  void gcTellsEveryPluginAndFailsAtTheEnd() {
    node.plugin("first", FAILS);
    assertThatThrownBy(() -> node.networks().gc())
        .isInstanceOf(CniException.class)
        .hasMessageContaining("no daemon");
    assertThat(node.calls()).containsExactly("GC first", "GC second");
  }

  @Test
  void gcIsNotRunBesideAnAdd() throws Exception {
    var networks = node.networks();
    node.plugin("second", "test $CNI_COMMAND != ADD || " + WAIT + FakeNode.RESULT + "'");
    var add = new FutureTask<>(() -> networks.defaultNetwork().add(node.pod("p1")));
    Thread.ofVirtual().start(add);
    await(() -> node.calls().contains("ADD second"));

    assertThat(networks.gc()).isFalse();

    go();
    add.get();
    assertThat(networks.gc()).isTrue();
    assertThat(node.calls()).containsExactly("ADD first", "ADD second", "GC first", "GC second");
  }

  @Test
  void anAddWaitsForGc() throws Exception {
    var networks = node.networks();
    node.plugin("first", "test $CNI_COMMAND = GC && " + WAIT + FakeNode.RESULT + "'");
    var gc = new FutureTask<>(networks::gc);
    Thread.ofVirtual().start(gc);
    await(() -> node.calls().contains("GC first"));
    var add = new FutureTask<>(() -> networks.defaultNetwork().add(node.pod("p1")));
    var adder = Thread.ofPlatform().start(add);
    await(() -> adder.getState() == Thread.State.WAITING);

    go();

    assertThat(gc.get()).isTrue();
    add.get();
    assertThat(node.calls()).containsExactly("GC first", "GC second", "ADD first", "ADD second");
    assertThat(node.stdin("first", "GC").path("cni.dev/valid-attachments")).isEmpty();
  }

  private void go() throws IOException {
    Files.createFile(dir.resolve("go"));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.sleep(10); // the test's time limit ends it
    }
  }

  @Test
  void gcAndCheckCanBeSwitchedOff() throws Exception {
    network("1.1.0", "\"disableGC\":true,\"disableCheck\":true,");
    var networks = node.networks();
    networks.defaultNetwork().add(node.pod("p1"));

    networks.gc();
    networks.defaultNetwork().check(node.pod("p1"));

    assertThat(node.calls()).containsExactly("ADD first", "ADD second");
  }

  @Test
  void checkCarriesTheResultOfTheAdd() throws Exception {
    var network = node.networks().defaultNetwork();
    network.add(node.pod("p1"));

    network.check(node.pod("p1"));

    assertThat(node.stdin("second", "CHECK").path("prevResult").path("extra").asInt()).isEqualTo(7);
    assertThat(node.env("first", "CHECK")).contains("CNI_CONTAINERID=p1", "CNI_IFNAME=eth0");
    node.plugin("first", FAILS);
    assertThatThrownBy(() -> network.check(node.pod("p1"))).hasMessageContaining("no daemon");
    assertThatThrownBy(() -> network.check(node.pod("none")))
        .isInstanceOfSatisfying(CniException.class, e -> assertThat(e.code()).isEqualTo(3));
  }

  @Test
  void pluginsThatAKilledDaemonLeftAtWorkAreEndedWithWhatTheyStarted() throws Exception {
    var left = plugin("gone", "sleep 86400 & echo $! > '" + dir + "/child'; wait");
    var other = plugin("other", "sleep 86400");
    var child = dir.resolve("child");
    while (!Files.exists(child) || Files.readString(child).isBlank()) {
      Thread.sleep(1);
    }
    var grandchild = Path.of("/proc", Files.readString(child).strip(), "stat");
    assertThat(grandchild).isReadable();

    node.networks().endLeftPlugins(Set.of("gone", "none"));

    assertThat(left.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(runs(grandchild)).isFalse();
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly();
  }

  private static boolean runs(Path stat) {
    try {
      return !Files.readString(stat).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  private static Process plugin(String podId, String script) throws IOException {
    var builder = new ProcessBuilder("sh", "-c", script);
    builder.environment().put("CNI_CONTAINERID", podId);
    return builder.start();
  }
}
