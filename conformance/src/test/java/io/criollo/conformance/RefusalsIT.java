// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PortMapping;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Fields of requests with values that cannot be: each is refused by its name.
class RefusalsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir private Path dir = Path.of("");

  private static void pod(String field, Consumer<PodSandboxConfig.Builder> change)
      throws IOException {
    var config = criollo.config("refused");
    change.accept(config);
    var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
    assertRefused(
        Code.INVALID_ARGUMENT, () -> criollo.client().runtime().runPodSandbox(request), field);
  }

  private static void container(
      Pod pod, Code code, String field, Consumer<ContainerConfig.Builder> change) {
    var config = Pod.container("refused", TestImages.BUSYBOX, "true");
    change.accept(config);
    assertRefused(code, () -> pod.create(config), field);
  }

  private static void container(Pod pod, String field, Consumer<ContainerConfig.Builder> change) {
    container(pod, Code.INVALID_ARGUMENT, field, change);
  }

  private static void limits(
      Pod pod, Code code, String field, Consumer<LinuxContainerResources.Builder> change) {
    container(pod, code, field, c -> change.accept(c.getLinuxBuilder().getResourcesBuilder()));
  }

  private static void security(
      Pod pod, String field, Consumer<LinuxContainerSecurityContext.Builder> change) {
    container(pod, field, c -> change.accept(c.getLinuxBuilder().getSecurityContextBuilder()));
  }

  private static void mount(Pod pod, Code code, String field, Consumer<Mount.Builder> change) {
    var mount = Mount.newBuilder().setContainerPath("/v").setHostPath("/tmp");
    change.accept(mount);
    container(pod, code, field, c -> c.addMounts(mount));
  }

  @Test
  void fieldsOfPods() throws IOException {
    pod("metadata.uid", c -> c.getMetadataBuilder().setUid(""));
    pod("metadata.namespace", c -> c.getMetadataBuilder().setNamespace("a\0b"));
    pod("metadata.name", c -> c.getMetadataBuilder().setName("x".repeat(254)));
    pod("sysctls", c -> c.getLinuxBuilder().putSysctls("net.core.somaxconn", "x".repeat(1 << 20)));
    pod("labels", c -> c.putLabels("k", "v".repeat(4096)));
    pod("annotations", c -> c.putAnnotations("k", "v".repeat(1 << 20)));
    pod("log_directory", c -> c.setLogDirectory("relative"));
    pod("log_directory", c -> c.setLogDirectory("/tmp/../x"));
    pod("dns_config.options", c -> c.getDnsConfigBuilder().addOptions("a\nb"));
    pod("cgroup_parent", c -> c.getLinuxBuilder().setCgroupParent("/a/../../b"));
    pod("sysctls", c -> c.getLinuxBuilder().putSysctls("net.ipv4.ip_forward", "much"));
    for (var name :
        List.of(
            "net.ipv4", // a folder
            "net.ipv4.ip_forward.x", // a file as a folder
            "net.ipv4.tcp_available_congestion_control", // read only
            "net." + "x".repeat(300))) {
      pod("linux.sysctls", c -> c.getLinuxBuilder().putSysctls(name, "1"));
    }
    pod("sysctls", c -> c.getLinuxBuilder().putSysctls("net.ipv4.ip_forward", ""));
    pod("hostname", c -> c.setHostname("é".repeat(40)));
    pod("supplemental_groups", c -> groups(c, 99));
    pod("host_port", c -> c.addPortMappings(port(-1, 80)));
    pod("container_port", c -> c.addPortMappings(port(8080, 70_000)));
    pod("host_port", c -> c.addPortMappings(port(80, 80)).addPortMappings(port(80, 81)));
    pod("namespace_options.ipc \"99\"", c -> options(c).setIpcValue(99));
    pod("userns_options", c -> options(c).getUsernsOptionsBuilder().setMode(NamespaceMode.POD));
    pod("selinux_options.level", c -> level(c, "s0,c4"));
  }

  private static void groups(PodSandboxConfig.Builder config, int policy) {
    config.getLinuxBuilder().getSecurityContextBuilder().setSupplementalGroupsPolicyValue(policy);
  }

  private static void level(PodSandboxConfig.Builder config, String level) {
    var security = config.getLinuxBuilder().getSecurityContextBuilder();
    security.getSelinuxOptionsBuilder().setLevel(level);
  }

  private static io.criollo.cri.v1.NamespaceOption.Builder options(
      PodSandboxConfig.Builder config) {
    return config.getLinuxBuilder().getSecurityContextBuilder().getNamespaceOptionsBuilder();
  }

  private static PortMapping port(int host, int container) {
    return PortMapping.newBuilder().setHostPort(host).setContainerPort(container).build();
  }

  @Test
  void logsBehindLinks() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), folder);
    pod("log_directory", c -> c.setLogDirectory(link.toString()));
    Path file = Files.createFile(dir.resolve("file"));
    pod("log_directory", c -> c.setLogDirectory(file.toString()));
    pod("log_directory", c -> c.setLogDirectory(file + "/below"));
    pod("255 bytes", c -> c.setLogDirectory(dir + "/" + "x".repeat(256)));

    Pod pod = criollo.pod("logs");
    Path logs = Path.of(pod.config().getLogDirectory());
    Files.createDirectory(logs.resolve("folder"));
    Files.createSymbolicLink(logs.resolve("live"), Files.createFile(dir.resolve("target")));
    Files.createSymbolicLink(logs.resolve("dangling"), dir.resolve("absent"));
    Files.createSymbolicLink(logs.resolve("below"), folder);
    for (var name : new String[] {"folder", "live", "dangling", "below/x"}) {
      container(pod, "config.log_path", c -> c.setLogPath(name));
    }
    container(pod, "255 bytes", c -> c.setLogPath("x".repeat(256)));
    container(pod, "4095 bytes", c -> c.setLogPath("x/".repeat(4_000) + "x"));
  }

  @Test
  void whatIsRun() throws IOException {
    Pod pod = criollo.pod("words");
    container(pod, "command", c -> c.setCommand(0, ""));
    container(pod, "command", c -> c.addArgs("a\0b"));
    container(pod, "command", c -> c.addArgs("x".repeat(128 << 10)));
    container(pod, "envs", c -> c.addEnvsBuilder().setKey("A=B"));
    container(pod, "envs", c -> c.addEnvsBuilder().setKey(""));
    container(pod, "working_dir", c -> c.setWorkingDir("relative"));
    container(pod, "working_dir", c -> c.setWorkingDir("/proc/self/fd/8"));
    container(pod, "stop_signal", c -> c.setStopSignalValue(99));

    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    for (var word : new String[] {"a\0b", "x".repeat(128 << 10)}) {
      assertRefused(Code.INVALID_ARGUMENT, () -> pod.exec(id, "echo", word), "cmd");
      var exec = ExecRequest.newBuilder().setContainerId(id).setStdout(true).addCmd(word).build();
      assertRefused(Code.INVALID_ARGUMENT, () -> criollo.client().runtime().exec(exec), "cmd");
    }
  }

  @Test
  void limits() throws IOException {
    Pod pod = criollo.pod("limits");
    limits(pod, Code.INVALID_ARGUMENT, "memory_limit", r -> r.setMemoryLimitInBytes(1024));
    limits(pod, Code.INVALID_ARGUMENT, "cpu_period", r -> r.setCpuPeriod(1));
    limits(pod, Code.INVALID_ARGUMENT, "cpu_quota", r -> r.setCpuQuota(-5));
    limits(pod, Code.INVALID_ARGUMENT, "cpu_quota", r -> r.setCpuQuota(1L << 44));
    limits(pod, Code.INVALID_ARGUMENT, "cpu_shares", r -> r.setCpuShares(Long.MAX_VALUE));
    limits(pod, Code.INVALID_ARGUMENT, "cpuset_cpus", r -> r.setCpusetCpus("99-1"));
    limits(pod, Code.FAILED_PRECONDITION, "cpuset_cpus", r -> r.setCpusetCpus("9999"));
    limits(pod, Code.FAILED_PRECONDITION, "cpuset_mems", r -> r.setCpusetMems("9999"));
    limits(pod, Code.INVALID_ARGUMENT, "oom_score_adj", r -> r.setOomScoreAdj(5000));
    limits(pod, Code.INVALID_ARGUMENT, "unified", r -> r.putUnified("../x", "1"));
    limits(pod, Code.INVALID_ARGUMENT, "memory.none", r -> r.putUnified("memory.none", "1"));
    limits(
        pod,
        Code.INVALID_ARGUMENT,
        "page_size",
        r -> r.addHugepageLimitsBuilder().setPageSize("7Q"));

    var most = Pod.container("most", TestImages.BUSYBOX, "true");
    most.getLinuxBuilder().getResourcesBuilder().setCpuQuota((1L << 44) - 1).setCpusetMems("0");
    pod.createAndStart(most); // the kernel takes these
  }

  @Test
  void securityContexts() throws IOException {
    Pod pod = criollo.pod("security");
    security(pod, "run_as_user", s -> s.getRunAsUserBuilder().setValue(-1));
    security(pod, "run_as_username", s -> s.setRunAsUsername("who-is-that"));
    security(pod, "supplemental_groups", s -> s.addSupplementalGroups(1L << 31));
    security(pod, "supplemental_groups", s -> s.setSupplementalGroupsPolicyValue(99));
    security(pod, "capabilit", s -> s.getCapabilitiesBuilder().addAddCapabilities("FLY"));
    security(pod, "seccomp", s -> s.getSeccompBuilder().setProfileTypeValue(99));
    security(pod, "seccomp", s -> localhost(s, "/no/such.json"));
    security(pod, "seccomp", s -> localhost(s, dir.toString()));
    security(pod, "userns_options", s -> users(s));
    security(
        pod, "namespace_options.pid \"99\"", s -> s.getNamespaceOptionsBuilder().setPidValue(99));
  }

  private static void localhost(LinuxContainerSecurityContext.Builder security, String file) {
    security.getSeccompBuilder().setProfileType(ProfileType.Localhost).setLocalhostRef(file);
  }

  private static void users(LinuxContainerSecurityContext.Builder security) {
    var users = security.getNamespaceOptionsBuilder().getUsernsOptionsBuilder();
    users.setMode(NamespaceMode.POD);
    users.addUidsBuilder().setHostId(100_000).setLength(65_536);
    users.addGidsBuilder().setHostId(100_000).setLength(65_536);
  }

  @Test
  void mountsAndDevices() throws IOException {
    Pod pod = criollo.pod("mounts");
    Path loop = dir.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    mount(pod, Code.FAILED_PRECONDITION, "host_path", m -> m.setHostPath(loop.toString()));
    mount(pod, Code.INVALID_ARGUMENT, "host_path", m -> m.setHostPath(""));
    mount(pod, Code.INVALID_ARGUMENT, "container_path", m -> m.setContainerPath("/proc/self"));
    mount(pod, Code.INVALID_ARGUMENT, "propagation", m -> m.setPropagationValue(99));
    mount(pod, Code.INVALID_ARGUMENT, "mount_options", m -> m.addMountOptions("suid"));
    container(
        pod,
        "devices.host_path",
        c -> c.addDevicesBuilder().setHostPath("/dev/no").setContainerPath("/dev/x"));
    container(
        pod,
        "devices.permissions",
        c ->
            c.addDevicesBuilder()
                .setHostPath("/dev/null")
                .setContainerPath("/dev/x")
                .setPermissions("xyz"));
    container(pod, "CDI_devices", c -> c.addCDIDevicesBuilder().setName("malformed"));
    container(pod, "CDI_devices", c -> c.addCDIDevicesBuilder().setName("no.such/device=one"));
  }
}
