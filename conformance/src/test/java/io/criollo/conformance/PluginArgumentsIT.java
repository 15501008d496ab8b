// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What CNI plugins are told of pods and node when their configuration asks for it by the name of a
/// capability. The plugins are the distribution's.
@AnyRuntime
class PluginArgumentsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final String INGRESS = "kubernetes.io/ingress-bandwidth";
  private static final String EGRESS = "kubernetes.io/egress-bandwidth";
  private static final String BRIDGE = "criollo1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path network;
  private String before;

  @BeforeEach
  void keepTheUsualNetwork() throws IOException {
    network = criollo.node().networks().resolve("10-criollo.conflist");
    before = Files.readString(network);
  }

  @AfterEach
  void theUsualNetwork() throws IOException {
    Files.writeString(network, before);
  }

  private void change(String text, String to) throws IOException {
    assertThat(before).contains(text);
    Files.writeString(network, Files.readString(network).replace(text, to));
  }

  /// The chain ends in one more plugin.
  private void add(String plugin) throws IOException {
    change("{\"type\": \"portmap\"", plugin + ", {\"type\": \"portmap\"");
  }

  private static JsonNode queues() throws IOException, InterruptedException {
    return JSON.readTree(Command.run("tc", "-statistics", "-json", "qdisc", "show"));
  }

  /// {@return the limits in bytes per second of all links that have one}
  private static Set<Long> rates() throws IOException, InterruptedException {
    return StreamSupport.stream(queues().spliterator(), false)
        .filter(queue -> queue.path("kind").asText().equals("tbf"))
        .map(queue -> queue.path("options").path("rate").asLong())
        .collect(Collectors.toSet());
  }

  private static PodSandboxConfig.Builder limited(String name, String ingress, String egress)
      throws IOException {
    return criollo.config(name).putAnnotations(INGRESS, ingress).putAnnotations(EGRESS, egress);
  }

  @Test
  void annotationsLimitWhatAPodReceivesAndSends() throws Exception {
    add("{\"type\": \"bandwidth\", \"capabilities\": {\"bandwidth\": true}}");
    Pod pod = criollo.run(limited("limited", "8M", "4096Ki").build());
    pod.createAndStart(Pod.container("web", TestImages.WEB));
    Pod free = criollo.pod("free");
    String client = free.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(rates()).containsExactlyInAnyOrder(1_000_000L, 4096L * 1024 / 8);
    Patience.await(
        "a page",
        Duration.ofSeconds(60),
        () -> pageFrom(free, client, pod.ip()).equals(TestImages.PAGE.strip()));
    for (var queue : queues()) {
      if (queue.path("kind").asText().equals("tbf")) {
        assertThat(queue.path("packets").asLong()).as(queue.toString()).isPositive();
      }
    }
    criollo.restart();
    pod.stop();
    assertThat(rates()).isEmpty();
  }

  private static String pageFrom(Pod from, String container, String address) {
    return from.output(container, "wget", "-q", "-O", "-", "http://" + address + "/index.html");
  }

  @Test
  void anAnnotationThatIsNoRateIsRefusedByItsName() throws Exception {
    add("{\"type\": \"bandwidth\", \"capabilities\": {\"bandwidth\": true}}");
    var config = limited("odd", "8M", "much").build();
    Statuses.assertRefused(Code.INVALID_ARGUMENT, () -> criollo.run(config), EGRESS, "much");
  }

  @Test
  void annotationsAndResolverReachAPluginThatAsksForThem() throws Exception {
    var folder = Files.createDirectories(network.resolveSibling("noting-plugins"));
    var plugin = folder.resolve("noting");
    Files.writeString(
        plugin,
        """
        #!/bin/sh
        cat > '%1$s/'$CNI_COMMAND
        test $CNI_COMMAND != ADD || jq .prevResult '%1$s/ADD'
        """
            .formatted(folder));
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    add(
        """
        {"type": "noting", "capabilities": {
          "io.kubernetes.cri.pod-annotations": true, "dns": true, "bandwidth": false}}\
        """);
    criollo.restart("--cni-plugin-dir=" + folder);
    var config = limited("noted", "8M", "4M").putAnnotations("example.com/a", "b\"c\n");
    config.getDnsConfigBuilder().addServers("10.0.0.10").addSearches("a.example");
    Pod pod = criollo.run(config.build());
    criollo.daemon().kill();
    criollo.startAgain("--cni-plugin-dir=" + folder);
    pod.stop();

    for (var command : Set.of("ADD", "DEL")) {
      var told = JSON.readTree(folder.resolve(command).toFile()).path("runtimeConfig");
      var annotations = told.path("io.kubernetes.cri.pod-annotations");
      assertThat(told.properties()).as(command).hasSize(2);
      assertThat(annotations.properties()).hasSize(3);
      assertThat(annotations.path("example.com/a").asText()).isEqualTo("b\"c\n");
      assertThat(annotations.path(INGRESS).asText()).isEqualTo("8M");
      assertThat(told.path("dns").toString())
          .isEqualTo("{\"servers\":[\"10.0.0.10\"],\"searches\":[\"a.example\"],\"options\":[]}");
    }
  }

  private static void tell(String ranges) {
    var request = UpdateRuntimeConfigRequest.newBuilder();
    request.getRuntimeConfigBuilder().getNetworkConfigBuilder().setPodCidr(ranges);
    var _ = criollo.client().runtime().updateRuntimeConfig(request.build());
  }

  @Test
  void addressesComeFromTheRangesThatTheKubeletTold() throws Exception {
    change(
        "\"criollo0\"",
        "\"" + BRIDGE + "\", \"forceAddress\": true, \"capabilities\": {\"ipRanges\": true}");
    Files.writeString(
        network, Files.readString(network).replaceFirst("(?s)\"ranges\": \\[.*?\\s\\],", ""));
    try {
      tell("10.99.1.0/24,fd00:99:1::/64");
      Pod first = criollo.pod("first");
      assertThat(first.ip()).isEqualTo("10.99.1.2");
      assertThat(first.status().getNetwork().getAdditionalIps(0).getIp()).isEqualTo("fd00:99:1::2");

      criollo.restart();
      assertThat(criollo.pod("second").ip()).isEqualTo("10.99.1.3");

      tell("10.99.2.0/24");
      assertThat(criollo.pod("third").ip()).isEqualTo("10.99.2.2");
      criollo.removeAllPods();
      assertThat(criollo.node().ledger().entries().get("address leases"))
          .noneMatch(lease -> lease.startsWith("10.99.") || lease.startsWith("fd00:99:"));
    } finally {
      Command.run("ip", "link", "del", BRIDGE);
      criollo.daemon().close();
      Files.delete(criollo.node().root().resolve("pod-cidr"));
      criollo.startAgain();
    }
  }
}
