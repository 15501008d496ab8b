// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.PodSandboxState;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The plugin that gave a pod its address is not there when the pod goes.
@AnyRuntime
class LostPluginIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String PLUGIN = "lost-bridge";

  /// Notes its calls, detaches nothing and attaches nothing while there is a file beside it for
  /// that.
  private static final String SCRIPT =
      """
      #!/bin/sh
      while test $CNI_COMMAND = DEL -a -e "${0%/*}/hangs"; do
        sleep 0.2
      done
      echo $CNI_COMMAND >>"${0%/*}/calls"
      test $CNI_COMMAND != ADD -o ! -e "${0%/*}/fails" || exit 1
      exec /usr/lib/cni/bridge
      """;

  private Path folder;
  private Path network;
  private String networkBefore;

  @BeforeEach
  void aNetworkOfAPluginOfItsOwn() throws Exception {
    folder = Files.createDirectories(criollo.node().networks().resolveSibling("plugins"));
    var plugin = folder.resolve(PLUGIN);
    Files.writeString(plugin, SCRIPT);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    network = criollo.node().networks().resolve("10-criollo.conflist");
    networkBefore = Files.readString(network);
    Files.writeString(
        network, networkBefore.replace("\"type\": \"bridge\"", "\"type\": \"" + PLUGIN + "\""));
    criollo.restart("--cni-plugin-dir=" + folder);
  }

  @AfterEach
  void theUsualNetwork() throws IOException {
    Files.deleteIfExists(folder.resolve("fails"));
    Files.deleteIfExists(folder.resolve("calls"));
    Files.writeString(network, networkBefore);
  }

  private void losePlugin() throws IOException {
    Files.move(folder.resolve(PLUGIN), folder.resolve("away"));
  }

  private void findPlugin() throws IOException {
    Files.move(folder.resolve("away"), folder.resolve(PLUGIN));
  }

  private static Set<String> leases() throws IOException, InterruptedException {
    return criollo.node().ledger().entries().getOrDefault("address leases", Set.of());
  }

  /// What is given back last are the namespaces, which plugins need.
  private static void awaitFreeAddresses(Set<String> before) throws Exception {
    Path namespaces = criollo.node().socket().resolveSibling("ns");
    Patience.await("the network is given back", LONG, () -> isEmpty(namespaces));
    assertThat(leases()).isEqualTo(before);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static int pods() {
    var all = ListPodSandboxRequest.getDefaultInstance();
    return criollo.client().runtime().listPodSandbox(all).getItemsCount();
  }

  @Test
  void aPodIsRemovedAndItsAddressesAreFreeWhenThePluginIsBack() throws Exception {
    var before = leases();
    Pod pod = criollo.pod("removed");
    pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String address = pod.ip();
    losePlugin();

    pod.remove();
    assertThat(pods()).isZero();
    assertThat(leases()).contains(address);

    findPlugin();
    awaitFreeAddresses(before);
  }

  @Test
  void aSecondStopGoesOnWithoutThePluginAndTheNextDaemonGivesTheAddressesBack() throws Exception {
    var before = leases();
    Pod pod = criollo.pod("stopped");
    String address = pod.ip();
    losePlugin();

    assertRefused(Code.UNKNOWN, pod::stop, PLUGIN);
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    pod.stop();
    criollo.daemon().kill();
    findPlugin();
    criollo.startAgain("--cni-plugin-dir=" + folder);

    assertThat(pods()).isEqualTo(1);
    awaitFreeAddresses(before);
    assertThat(leases()).doesNotContain(address);
    pod.remove();
  }

  @Test
  void aPodThatCannotBeAttachedIsDetachedOnce() throws Exception {
    Files.createFile(folder.resolve("fails"));
    assertRefused(Code.UNKNOWN, () -> criollo.pod("refused"), PLUGIN);
    assertThat(Files.readAllLines(folder.resolve("calls"))).containsExactly("ADD", "DEL");
  }

  @Test
  void aPluginThatHangsKeepsNoDaemonFromServing() throws Exception {
    var before = leases();
    Pod pod = criollo.pod("hanging");
    String address = pod.ip();
    losePlugin();
    pod.remove();
    criollo.daemon().kill();
    Path hangs = Files.createFile(folder.resolve("hangs"));
    findPlugin();

    criollo.startAgain("--cni-plugin-dir=" + folder);
    Pod other = criollo.pod("beside");
    assertThat(leases()).contains(address, other.ip());

    Files.delete(hangs);
    other.remove();
    awaitFreeAddresses(before);
  }
}
