// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.DNSConfig;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxMetadata;
import io.criollo.cri.v1.PortMapping;
import io.criollo.runtime.state.Refusal;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodChecksTest {
  private static PodSandboxConfig.Builder good() {
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder().setName("web").setNamespace("default").setUid("1-2"))
        .setLogDirectory("/var/log/pods/x");
  }

  private static void refuses(String field, Consumer<PodSandboxConfig.Builder> change) {
    var config = good();
    change.accept(config);
    assertThatThrownBy(() -> PodChecks.check(config.build()))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(field);
  }

  @Test
  void acceptsWhatAKubeletSends() {
    var config = good().setHostname("web-0");
    config.setDnsConfig(
        DNSConfig.newBuilder().addServers("10.96.0.10").addSearches("svc").addOptions("ndots:5"));
    config.addPortMappings(PortMapping.newBuilder().setContainerPort(80));
    config
        .getLinuxBuilder()
        .setCgroupParent("/kubepods/burstable/pod1")
        .putSysctls("net.ipv4.ip_forward", "1");
    assertThatCode(() -> PodChecks.check(config.build())).doesNotThrowAnyException();
  }

  @Test
  void refusesNothingAtAll() {
    assertThatThrownBy(() -> PodChecks.check(PodSandboxConfig.getDefaultInstance()))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.metadata.name");
  }

  @Test
  void refusesUsersAndProfilesThatNobodyCanBe() {
    refuses(
        "run_as_user",
        config ->
            config
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .getRunAsUserBuilder()
                .setValue(-1));
    refuses(
        "supplemental_groups",
        config ->
            config.getLinuxBuilder().getSecurityContextBuilder().addSupplementalGroups(1L << 31));
    refuses(
        "seccomp.profile_type",
        config ->
            config
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .getSeccompBuilder()
                .setProfileTypeValue(99));
    refuses(
        "apparmor.profile_type",
        config ->
            config
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .getApparmorBuilder()
                .setProfileTypeValue(99));
    refuses(
        "c5.c1",
        config ->
            config
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .getSelinuxOptionsBuilder()
                .setLevel("s0:c5.c1"));
  }

  @Test
  void refusesBadNamesPathsAndNumbers() {
    refuses("metadata.uid", config -> config.getMetadataBuilder().setUid(""));
    refuses("metadata.namespace", config -> config.getMetadataBuilder().setNamespace("a/b"));
    refuses("log_directory", config -> config.setLogDirectory("var/log"));
    refuses("log_directory", config -> config.setLogDirectory("/var/log/../../etc"));
    refuses("hostname", config -> config.setHostname("h".repeat(65)));
    refuses("hostname", config -> config.setHostname("é".repeat(40)));
    refuses("hostname", config -> config.setHostname("a\0b"));
    refuses(
        "host_port",
        config -> config.addPortMappings(PortMapping.newBuilder().setHostPort(70_000)));
    refuses(
        "container_port",
        config -> config.addPortMappings(PortMapping.newBuilder().setHostPort(80)));
    for (var address : new String[] {"localhost", "10.0.0", "10.0.0.1/8", "::g", " "}) {
      refuses(
          "host_ip", config -> config.addPortMappings(PortMapping.newBuilder().setHostIp(address)));
    }
    var twice = PortMapping.newBuilder().setHostPort(80);
    refuses(
        "host_port \"80/TCP\"",
        config ->
            config
                .addPortMappings(twice.clone().setContainerPort(8080).setHostIp("10.0.0.1"))
                .addPortMappings(twice.clone().setContainerPort(8081)));
    refuses(
        "supplemental_groups_policy",
        config ->
            config
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .setSupplementalGroupsPolicyValue(9));
    refuses(
        "protocol", config -> config.addPortMappings(PortMapping.newBuilder().setProtocolValue(9)));
  }

  @Test
  void refusesLineBreaksInResolvConf() {
    refuses(
        "options",
        config -> config.getDnsConfigBuilder().addOptions("ndots:5\nnameserver 6.6.6.6"));
    refuses("searches", config -> config.getDnsConfigBuilder().addSearches("a b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../..", "/a/../b", "kubepods", "a/pod1.slice"})
  void refusesCgroupParentsThatAreNoPath(String parent) {
    refuses("cgroup_parent", config -> config.getLinuxBuilder().setCgroupParent(parent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kernel.core_pattern", "vm.swappiness", "net..x", "net.", "kernel.hostname"})
  void refusesSysctlsOfTheNode(String name) {
    refuses("sysctls", config -> config.getLinuxBuilder().putSysctls(name, "1"));
  }

  @Test
  void refusesSysctlsWithoutAValue() {
    refuses(
        "\"net.ipv4.ip_forward=\": has no value",
        config -> config.getLinuxBuilder().putSysctls("net.ipv4.ip_forward", ""));
  }

  @Test
  void refusesSysctlsOfNamespacesThatAreTheNodes() {
    refuses(
        "node's network",
        config -> {
          config.getLinuxBuilder().putSysctls("net.ipv4.ip_forward", "1");
          options(config).setNetwork(NamespaceMode.NODE);
        });
    refuses(
        "node's IPC",
        config -> {
          config.getLinuxBuilder().putSysctls("kernel.shmmax", "1");
          options(config).setIpc(NamespaceMode.NODE);
        });
  }

  @Test
  void refusesUnknownNamespaceModes() {
    refuses("namespace_options.network \"99\"", config -> options(config).setNetworkValue(99));
    refuses("namespace_options.ipc", config -> options(config).setIpc(NamespaceMode.CONTAINER));
    refuses("namespace_options.pid", config -> options(config).setPid(NamespaceMode.TARGET));
  }

  @Test
  void resolvConfHasWhatTheKubeletSaid() throws Exception {
    var dns =
        DNSConfig.newBuilder()
            .addServers("10.96.0.10")
            .addServers("::1")
            .addSearches("a.b")
            .addSearches("b")
            .addOptions("ndots:5");
    assertThat(ResolvConf.of(dns.build()))
        .isEqualTo("search a.b b\nnameserver 10.96.0.10\nnameserver ::1\noptions ndots:5\n");
  }

  private static NamespaceOption.Builder options(PodSandboxConfig.Builder config) {
    return config.getLinuxBuilder().getSecurityContextBuilder().getNamespaceOptionsBuilder();
  }
}
