// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.DNSConfig;
import io.criollo.cri.v1.LinuxSandboxSecurityContext;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxMetadata;
import io.criollo.cri.v1.PortMapping;
import io.criollo.cri.v1.Protocol;
import io.criollo.cri.v1.SecurityProfile;
import io.criollo.cri.v1.SupplementalGroupsPolicy;
import io.criollo.linux.KernelString;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.Checks;
import io.criollo.runtime.state.Refusal.InvalidArgument;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/// What a pod's configuration may say, checked before anything is made.
final class PodChecks {
  private static final int LONGEST_HOSTNAME = 64;
  private static final int MOST_PORT = 65535;

  private PodChecks() {}

  static void check(PodSandboxConfig config) {
    metadata(config.getMetadata());
    Checks.labels("config.labels", config.getLabelsMap());
    Checks.annotations("config.annotations", config.getAnnotationsMap());
    logDirectory(config.getLogDirectory());
    hostname(config.getHostname());
    dns(config.getDnsConfig());
    cgroupParent(config.getLinux().getCgroupParent());
    namespaces(config.getLinux().getSecurityContext().getNamespaceOptions());
    security(config.getLinux().getSecurityContext());
    config.getPortMappingsList().forEach(PodChecks::port);
    HostPorts.requireDistinct(config);
    Sysctls.checked(config);
  }

  private static void metadata(PodSandboxMetadata data) {
    Checks.name("config.metadata.name", data.getName());
    Checks.name("config.metadata.namespace", data.getNamespace());
    Checks.name("config.metadata.uid", data.getUid());
  }

  private static void logDirectory(String directory) {
    if (!directory.isEmpty()) {
      Checks.absolutePath("config.log_directory", directory);
    }
  }

  private static void hostname(String hostname) {
    Checks.noControl("config.hostname", hostname);
    if (KernelString.encode(hostname).length > LONGEST_HOSTNAME) {
      throw new InvalidArgument("config.hostname", hostname, "must have at most 64 bytes");
    }
  }

  private static void dns(DNSConfig dns) {
    words("config.dns_config.servers", dns.getServersList());
    words("config.dns_config.searches", dns.getSearchesList());
    words("config.dns_config.options", dns.getOptionsList());
  }

  /// Each becomes one word of a line in resolv.conf.
  private static void words(String field, Collection<String> words) {
    for (var word : words) {
      Checks.noControl(field, word);
      if (word.isBlank() || word.indexOf(' ') >= 0) {
        throw new InvalidArgument(field, word, "must not be empty or contain blanks");
      }
    }
  }

  /// The name of a slice alone is for the cgroup driver to judge.
  private static void cgroupParent(String parent) {
    boolean name = parent.indexOf('/') < 0 && parent.endsWith(".slice");
    if (!parent.isEmpty() && !name) {
      Checks.absolutePath("config.linux.cgroup_parent", parent);
    }
  }

  private static void namespaces(NamespaceOption options) {
    mode("network", options.getNetworkValue(), NamespaceMode.POD, NamespaceMode.NODE);
    mode("ipc", options.getIpcValue(), NamespaceMode.POD, NamespaceMode.NODE);
    mode(
        "pid",
        options.getPidValue(),
        NamespaceMode.POD,
        NamespaceMode.CONTAINER,
        NamespaceMode.NODE);
    if (UserNs.of(options).isPresent()) { // they have to belong to it
      mode("ipc", options.getIpcValue(), NamespaceMode.POD);
      mode("pid", options.getPidValue(), NamespaceMode.POD, NamespaceMode.CONTAINER);
    }
  }

  private static void mode(String namespace, int number, NamespaceMode... allowed) {
    var mode = NamespaceMode.forNumber(number);
    if (mode == null || !List.of(allowed).contains(mode)) {
      throw new InvalidArgument(
          "config.linux.security_context.namespace_options." + namespace,
          mode == null ? number : mode,
          "must be one of " + List.of(allowed) + " for this pod");
    }
  }

  /// Containers say of themselves what holds for them; what a pod says shall make sense too. Pods
  /// with a group and no user are usual.
  private static void security(LinuxSandboxSecurityContext security) {
    SelinuxLabels.check(security.getSelinuxOptions());
    id("run_as_user", security.getRunAsUser().getValue());
    id("run_as_group", security.getRunAsGroup().getValue());
    security.getSupplementalGroupsList().forEach(group -> id("supplemental_groups", group));
    profile("seccomp", security.getSeccomp());
    profile("apparmor", security.getApparmor());
    if (security.getSupplementalGroupsPolicy() == SupplementalGroupsPolicy.UNRECOGNIZED) {
      throw new InvalidArgument(
          "config.linux.security_context.supplemental_groups_policy",
          security.getSupplementalGroupsPolicyValue(),
          "must be Merge or Strict");
    }
  }

  private static void id(String field, long id) {
    if (id < 0 || id > Integer.MAX_VALUE) {
      throw new InvalidArgument(
          "config.linux.security_context." + field, id, "must be 0 to " + Integer.MAX_VALUE);
    }
  }

  private static void profile(String field, SecurityProfile profile) {
    if (profile.getProfileType() == SecurityProfile.ProfileType.UNRECOGNIZED) {
      throw new InvalidArgument(
          "config.linux.security_context." + field + ".profile_type",
          profile.getProfileTypeValue(),
          "must be RuntimeDefault, Unconfined or Localhost");
    }
  }

  private static void port(PortMapping port) {
    if (port.getProtocol() == Protocol.UNRECOGNIZED) {
      throw new InvalidArgument(
          "config.port_mappings.protocol", port.getProtocolValue(), "must be TCP, UDP or SCTP");
    }
    if (port.getHostPort() < 0 || port.getHostPort() > MOST_PORT) {
      throw new InvalidArgument(
          "config.port_mappings.host_port", port.getHostPort(), "must be 0 to 65535");
    }
    if (port.getContainerPort() < 0
        || port.getContainerPort() > MOST_PORT
        || (port.getHostPort() > 0 && port.getContainerPort() == 0)) {
      throw new InvalidArgument(
          "config.port_mappings.container_port", port.getContainerPort(), "must be 1 to 65535");
    }
    hostIp(port.getHostIp());
  }

  private static void hostIp(String address) {
    if (!address.isEmpty() && !isAddress(address)) {
      throw new InvalidArgument(
          "config.port_mappings.host_ip", address, "must be an IP address or empty");
    }
  }

  /// Written in full and without a zone, as plugins read it.
  private static boolean isAddress(String text) {
    try {
      var address = InetAddress.ofLiteral(text);
      return text.indexOf(':') >= 0
          ? text.matches("[0-9A-Fa-f:.]+")
          : address.getHostAddress().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
