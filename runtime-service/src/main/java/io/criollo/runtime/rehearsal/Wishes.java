// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import com.google.protobuf.ByteString;
import io.criollo.cri.v1.Capability;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerMetadata;
import io.criollo.cri.v1.DNSConfig;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.KeyValue;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.LinuxPodSandboxConfig;
import io.criollo.cri.v1.LinuxSandboxSecurityContext;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxMetadata;
import io.criollo.cri.v1.SecurityProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Pods and containers with about as many wishes as a kubelet has on behalf of an ordinary pod.
///
/// @param logs folder of their logs
record Wishes(String image, Path logs) {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));
  private static final long MEBIBYTE = 1 << 20;

  PodSandboxConfig pod(String name) {
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder()
                .setName(name)
                .setUid(name + "-uid")
                .setNamespace("rehearsal"))
        .setHostname(name)
        .setLogDirectory(logs.resolve(name).toString())
        .setDnsConfig(DNSConfig.newBuilder().addServers("192.0.2.53").addSearches("example.org"))
        .setLinux(
            LinuxPodSandboxConfig.newBuilder()
                .setSecurityContext(
                    LinuxSandboxSecurityContext.newBuilder()
                        .setNamespaceOptions(ownProcesses())
                        .setSeccomp(byDefault()))
                .putSysctls("net.ipv4.ip_unprivileged_port_start", "0"))
        .putLabels("io.kubernetes.pod.name", name)
        .putLabels("io.kubernetes.pod.namespace", "rehearsal")
        .putLabels("io.kubernetes.pod.uid", name + "-uid")
        .putAnnotations("kubernetes.io/config.source", "api")
        .build();
  }

  ContainerConfig container() {
    var config =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName("main"))
            .setImage(ImageSpec.newBuilder().setImage(image))
            .addAllCommand(List.of("sh", "-c", "echo begin; exec sleep 1000"))
            .addEnvs(
                KeyValue.newBuilder()
                    .setKey("KUBERNETES_SERVICE_HOST")
                    .setValue(ByteString.copyFromUtf8("192.0.2.1")))
            .addEnvs(
                KeyValue.newBuilder()
                    .setKey("KUBERNETES_SERVICE_PORT")
                    .setValue(ByteString.copyFromUtf8("443")))
            .setLogPath("main.log")
            .setLinux(linux())
            .putLabels("io.kubernetes.container.name", "main")
            .putAnnotations("io.kubernetes.container.restartCount", "0");
    PROGRAMS.stream()
        .filter(Files::exists)
        .map(Path::toString)
        .forEach(each ->
            config.addMounts(
                Mount.newBuilder().setHostPath(each).setContainerPath(each).setReadonly(true)));
    return config.build();
  }

  private static LinuxContainerConfig linux() {
    var security =
        LinuxContainerSecurityContext.newBuilder()
            .setNamespaceOptions(ownProcesses())
            .setCapabilities(Capability.newBuilder().addDropCapabilities("NET_RAW"))
            .setSeccomp(byDefault())
            .addAllMaskedPaths(List.of("/proc/acpi", "/proc/kcore", "/proc/keys", "/sys/firmware"))
            .addAllReadonlyPaths(List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"));
    return LinuxContainerConfig.newBuilder()
        .setSecurityContext(security)
        .setResources(resources(1000))
        .build();
  }

  static LinuxContainerResources resources(long oomScore) {
    return LinuxContainerResources.newBuilder()
        .setCpuShares(102)
        .setCpuPeriod(100_000)
        .setCpuQuota(100_000)
        .setMemoryLimitInBytes(128 * MEBIBYTE)
        .setOomScoreAdj(oomScore)
        .build();
  }

  private static NamespaceOption ownProcesses() {
    return NamespaceOption.newBuilder().setPid(NamespaceMode.CONTAINER).build();
  }

  private static SecurityProfile byDefault() {
    return SecurityProfile.newBuilder()
        .setProfileType(SecurityProfile.ProfileType.RuntimeDefault)
        .build();
  }
}
