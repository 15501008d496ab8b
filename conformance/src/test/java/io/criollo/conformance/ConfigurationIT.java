// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.Int64Value;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListMetricDescriptorsRequest;
import io.criollo.cri.v1.MetricDescriptor;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.StopContainerRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What options of the configuration do to pods and containers.
@AnyRuntime
class ConfigurationIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final String NO_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
      """;

  @TempDir private Path dir = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void configurationFile() {
    file = dir.resolve("criollo.conf");
  }

  private void restart(String configuration, String... options)
      throws IOException, InterruptedException {
    Files.writeString(file, configuration);
    criollo.restart(
        Stream.concat(Stream.of("--config=" + file), Stream.of(options)).toArray(String[]::new));
  }

  private static String busybox(Pod pod, String name, String... command) {
    return pod.createAndStart(Pod.container(name, TestImages.BUSYBOX, command));
  }

  @Test
  void imagesThatAreToBeSparedAreMarked() throws Exception {
    restart("[crio.image]\npinned_images = [\"*busybox*\"]\n");

    assertThat(
            criollo
                .client()
                .images()
                .listImages(ListImagesRequest.getDefaultInstance())
                .getImagesList())
        .isNotEmpty()
        .allSatisfy(image ->
            assertThat(image.getPinned())
                .isEqualTo(image.getRepoTagsList().contains(TestImages.BUSYBOX)));
  }

  @Test
  void limitsOfProcessesAreThoseOfTheConfiguration() throws Exception {
    restart(
        """
        [crio.runtime]
        default_ulimits = ["nofile=1234:2345", "core=0:-1"]
        """);
    Pod pod = criollo.pod("ulimits");
    String id = busybox(pod, "a", "sleep", "1000");

    for (var process : new String[] {"1", "self"}) { // the first one, and one of an exec
      assertThat(pod.output(id, "cat", "/proc/" + process + "/limits"))
          .containsPattern("Max open files +1234 +2345 ")
          .containsPattern("Max core file size +0 +unlimited ");
    }
  }

  @Test
  void withoutConfigurationContainersGetTheLimitsThatTheDaemonWasStartedWith() throws Exception {
    Pod pod = criollo.pod("inherited");
    String id = busybox(pod, "a", "sleep", "1000");
    var own =
        Files.readString(Path.of("/proc/self/limits")); // raised by Java here as in the daemon
    var hard = own.replaceAll("(?s).*Max open files +\\S+ +(\\S+) .*", "$1");

    assertThat(pod.output(id, "cat", "/proc/1/limits"))
        .containsPattern("Max open files +" + TestNode.OPEN_FILES + " +" + hard + " ");
  }

  @Test
  void parametersOfTheConfigurationHoldInPodsThatDoNotSetThem() throws Exception {
    restart(
        """
        [crio.runtime]
        default_sysctls = ["net.ipv4.ping_group_range = 0   100", "kernel.msgmax=9000", "vm.swappiness=1"]
        """);
    var config = criollo.config("sysctls");
    config.getLinuxBuilder().putSysctls("kernel.msgmax", "9001");
    Pod pod = criollo.run(config.build());
    String id = busybox(pod, "a", "sleep", "1000");

    assertThat(pod.output(id, "cat", "/proc/sys/net/ipv4/ping_group_range")).matches("0\\s+100");
    assertThat(pod.output(id, "cat", "/proc/sys/kernel/msgmax")).isEqualTo("9001");
    var host = criollo.config("sysctls-host");
    host.getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    Pod onHost = criollo.run(host.build());
    String other = busybox(onHost, "a", "sleep", "1000");
    assertThat(onHost.output(other, "cat", "/proc/sys/net/ipv4/ping_group_range"))
        .doesNotMatch("0\\s+100");
  }

  @Test
  void whatAnOperatorAddsReachesEveryContainer() throws Exception {
    Path profile = Files.writeString(dir.resolve("seccomp.json"), NO_MKDIR);
    restart(
        """
        [crio.runtime]
        default_env = ["SITE=north"]
        read_only = true
        seccomp_profile = "%s"
        absent_mount_sources_to_reject = ["%s/absent"]
        """
            .formatted(profile, dir));
    Pod pod = criollo.pod("additions");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getSeccompBuilder()
        .setProfileType(ProfileType.RuntimeDefault);
    String id = pod.createAndStart(container);

    assertThat(pod.output(id, "sh", "-c", "echo $SITE")).isEqualTo("north");
    assertThat(pod.exec(id, "touch", "/file").getStderr().toStringUtf8()).contains("Read-only");
    assertThat(pod.exec(id, "touch", "/tmp/file").getExitCode()).isZero();
    assertThat(pod.exec(id, "mkdir", "/tmp/dir").getStderr().toStringUtf8()).contains("permitted");
    Statuses.assertRefused(
        Code.FAILED_PRECONDITION,
        () ->
            pod.create(
                Pod.container("b", TestImages.BUSYBOX, "true")
                    .addMounts(
                        Mount.newBuilder().setContainerPath("/v").setHostPath(dir + "/absent"))),
        "absent");
  }

  @Test
  void devicesProcessesAndMetricsAreThoseOfTheConfiguration() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "the node has a /dev/fuse");
    restart(
        """
        [crio.runtime]
        additional_devices = ["/dev/fuse:/dev/readable:r"]
        device_ownership_from_security_context = true
        pids_limit = 17
        add_inheritable_capabilities = true
        [crio.stats]
        included_pod_metrics = ["process"]
        """);
    Pod pod = criollo.pod("options");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container
        .addDevicesBuilder()
        .setHostPath("/dev/null")
        .setContainerPath("/dev/mine")
        .setPermissions("rw");
    container
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setRunAsUser(Int64Value.newBuilder().setValue(1234))
        .setRunAsGroup(Int64Value.newBuilder().setValue(2345));
    String id = pod.createAndStart(container);

    assertThat(pod.output(id, "stat", "-c", "%u:%g", "/dev/mine")).isEqualTo("1234:2345");
    String root = busybox(pod, "root", "sleep", "1000");
    assertThat(pod.exec(root, "sh", "-c", ": </dev/readable").getExitCode()).isZero();
    assertThat(pod.exec(root, "sh", "-c", ": >/dev/readable").getStderr().toStringUtf8())
        .contains("not permitted");
    assertThat(pod.output(id, "cat", "/sys/fs/cgroup/pids.max")).isEqualTo("17");
    assertThat(pod.output(id, "grep", "CapInh", "/proc/self/status"))
        .doesNotContain("0000000000000000");
    var descriptors =
        criollo
            .client()
            .runtime()
            .listMetricDescriptors(ListMetricDescriptorsRequest.getDefaultInstance());
    assertThat(descriptors.getDescriptorsList())
        .extracting(MetricDescriptor::getName)
        .contains("container_processes", "container_last_seen")
        .doesNotContain("container_memory_rss");
  }

  @Test
  void everyContainerHasItsOwnCopyOfTheDefaultMounts() throws Exception {
    Path secrets = Files.createDirectory(dir.resolve("secrets"));
    Files.writeString(secrets.resolve("key"), "of the node\n");
    Path conf = Files.writeString(dir.resolve("mounts.conf"), secrets + ":/run/secrets\n");
    restart("[crio.runtime]\ndefault_mounts_file = \"" + conf + "\"\n");
    Pod pod = criollo.pod("default-mounts");
    String first = busybox(pod, "first", "sleep", "1000");
    String second = busybox(pod, "second", "sleep", "1000");

    assertThat(pod.exec(first, "sh", "-c", "echo changed >/run/secrets/key").getExitCode())
        .isZero();
    assertThat(pod.output(first, "cat", "/run/secrets/key")).isEqualTo("changed");
    assertThat(pod.output(second, "cat", "/run/secrets/key")).isEqualTo("of the node");
    assertThat(secrets.resolve("key")).content().isEqualTo("of the node\n");
  }

  @Test
  void pathsOfTheNodeAreFoundBelowAPrefix() throws Exception {
    Path node = Files.createDirectories(dir.resolve("node/data"));
    Files.writeString(node.resolve("file"), "below\n");
    Files.createSymbolicLink(node.resolveSibling("link"), Path.of("/data"));
    restart("[crio.runtime]\nbind_mount_prefix = \"" + dir.resolve("node") + "\"\n");
    Pod pod = criollo.pod("prefix");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .addMounts(Mount.newBuilder().setContainerPath("/v").setHostPath("/link"))
                .addMounts(Mount.newBuilder().setContainerPath("/new").setHostPath("/made")));

    assertThat(pod.output(id, "cat", "/v/file")).isEqualTo("below");
    assertThat(dir.resolve("node/made")).isDirectory();
  }

  @Test
  void messagesMayBeAsLargeAsTheConfigurationSays() throws Exception {
    var large = StopContainerRequest.newBuilder().setContainerId("x".repeat(2 << 20)).build();
    assertThat(criollo.client().runtime().stopContainer(large)).isNotNull();
    restart(
        """
        [crio.api]
        grpc_max_recv_msg_size = 1000000
        grpc_max_send_msg_size = 1000
        """);

    Statuses.assertRefused(
        Code.RESOURCE_EXHAUSTED, () -> criollo.client().runtime().stopContainer(large), "1000000");
    Statuses.assertRefused(
        Code.RESOURCE_EXHAUSTED,
        () ->
            criollo.client().runtime().status(StatusRequest.newBuilder().setVerbose(true).build()),
        "grpc_max_send_msg_size is 1000");
    assertThat(criollo.client().runtime().status(StatusRequest.getDefaultInstance())).isNotNull();
  }

  @Test
  void aHandlersTableHoldsForItsContainersAlone() throws Exception {
    restart(
        """
        [crio.runtime.runtimes.strict]
        inherit_default_runtime = true
        privileged_without_host_devices = true
        """);
    var security = Pod.pid(NamespaceMode.CONTAINER).setPrivileged(true);
    var config = criollo.config("strict");
    config.getLinuxBuilder().setSecurityContext(security);
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    String loop = "/dev/loop-control";
    assumeTrue(Files.exists(Path.of(loop)), "the node has a " + loop);

    Pod strict = criollo.handledBy("strict", config.build());
    String without = strict.createAndStart(container);
    assertThat(strict.exec(without, "test", "-e", loop).getExitCode()).isNotZero();
    Pod usual = criollo.run(renamed(config, "usual"));
    String with = usual.createAndStart(container);
    assertThat(usual.exec(with, "test", "-e", loop).getExitCode()).isZero();
  }

  private static PodSandboxConfig renamed(PodSandboxConfig.Builder config, String name)
      throws IOException {
    return criollo.config(name).setLinux(config.getLinux()).build();
  }

  @Test
  void logsOfPodsThatNameNoFolderGoWithTheirPod() throws Exception {
    Path logs = dir.resolve("logs");
    restart("", "--log-dir=" + logs); // the option for log_dir, which nodes of tests always set
    var config = criollo.config("logs").clearLogDirectory();
    Pod pod = criollo.run(config.build());
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "echo", "written").clearLogPath());
    pod.awaitExit(id);

    var log = Path.of(pod.status(id).getLogPath());
    assertThat(log).isEqualTo(logs.resolve(pod.id()).resolve(id + ".log"));
    assertThat(log).content().endsWith(" stdout F written\n");
    pod.stop();
    pod.remove();
    assertThat(logs.resolve(pod.id())).doesNotExist();
  }

  @Test
  void devicesThatFilesDescribeComeIntoContainers() throws Exception {
    Path cdi = Files.createDirectory(dir.resolve("cdi"));
    Path library = Files.writeString(dir.resolve("library"), "of the driver\n");
    Files.writeString(
        cdi.resolve("vendor.json"),
        """
        {"cdiVersion": "0.6.0", "kind": "vendor.com/device",
         "containerEdits": {"env": ["DRIVER=loaded"]},
         "devices": [{"name": "zero", "containerEdits": {
           "deviceNodes": [{"path": "/dev/vendor0", "hostPath": "/dev/zero", "permissions": "r"}],
           "mounts": [{"hostPath": "%s", "containerPath": "/lib/driver", "options": ["ro", "bind"]}]}}]}
        """
            .formatted(library));
    restart("[crio.runtime]\ncdi_spec_dirs = [\"" + cdi + "\"]\n");
    Pod pod = criollo.pod("cdi");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    container.addCDIDevicesBuilder().setName("vendor.com/device=zero");
    String id = pod.createAndStart(container);

    assertThat(pod.output(id, "sh", "-c", "echo $DRIVER")).isEqualTo("loaded");
    assertThat(pod.output(id, "cat", "/lib/driver")).isEqualTo("of the driver");
    assertThat(pod.output(id, "sh", "-c", "head -c 3 /dev/vendor0 | wc -c")).isEqualTo("3");
    assertThat(pod.output(id, "stat", "-c", "%t:%T", "/dev/vendor0")).isEqualTo("1:5");
    var unknown = Pod.container("b", TestImages.BUSYBOX, "true");
    unknown.addCDIDevicesBuilder().setName("vendor.com/device=one");
    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> pod.create(unknown), "vendor.com/device=one");
  }

  @Test
  void lessMemoryThanARuntimeNeedsIsRefused() throws Exception {
    restart(
        """
        [crio.runtime.runtimes.%s]
        container_min_memory = "20MiB"
        """
            .formatted(CriolloNode.runtime()));
    Pod pod = criollo.pod("memory");
    var little = Pod.container("a", TestImages.BUSYBOX, "true");
    little.getLinuxBuilder().getResourcesBuilder().setMemoryLimitInBytes((20 << 20) - 1);

    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> pod.create(little), "memory_limit_in_bytes");
    little.getLinuxBuilder().getResourcesBuilder().setMemoryLimitInBytes(20 << 20);
    pod.createAndStart(little);
  }

  @Test
  void aContainerOutlivesTheHandlerThatMadeIt() throws Exception {
    var runtime = "/usr/bin/" + CriolloNode.runtime();
    var copy = dir.resolve("special");
    Files.copy(Path.of(runtime).toRealPath(), copy, StandardCopyOption.COPY_ATTRIBUTES);
    restart("[crio.runtime.runtimes.special]\nruntime_path = \"" + copy + "\"\n");
    Pod pod = criollo.handledBy("special", criollo.config("special").build());
    String kept = busybox(pod, "kept", "sleep", "1000");
    String removed = busybox(pod, "removed", "sleep", "1000");

    restart("");
    assertThat(pod.status(kept).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(pod.output(kept, "echo", "still")).isEqualTo("still");
    Statuses.assertRefused(
        Code.INVALID_ARGUMENT,
        () -> pod.create(Pod.container("new", TestImages.BUSYBOX, "true")),
        "special");
    pod.stop(removed, Duration.ZERO);
    pod.remove(removed);

    Files.delete(copy); // now even the program is gone
    Statuses.assertRefused(
        Code.FAILED_PRECONDITION, () -> pod.exec(kept, "true"), "special", "stopped and removed");
    pod.stop(kept, Duration.ZERO);
    assertThat(pod.status(kept).getExitCode()).isEqualTo(137);
  }

  @Test
  void containersThatNameNoAppArmorProfileGetTheDefaultOne() throws Exception {
    assumeTrue(Files.exists(Path.of("/sys/kernel/security/apparmor/profiles")));
    Pod pod = criollo.pod("apparmor");
    String usual = busybox(pod, "usual", "sleep", "1000");
    var unconfined = Pod.container("unconfined", TestImages.BUSYBOX, "sleep", "1000");
    unconfined
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getApparmorBuilder()
        .setProfileType(ProfileType.Unconfined);
    String free = pod.createAndStart(unconfined);

    assertThat(pod.output(usual, "cat", "/proc/1/attr/current"))
        .isEqualTo("criollo-default (enforce)");
    assertThat(pod.output(usual, "cat", "/proc/self/attr/current"))
        .isEqualTo("criollo-default (enforce)");
    assertThat(pod.output(free, "cat", "/proc/1/attr/current")).isEqualTo("unconfined");
    assertThat(pod.exec(usual, "sh", "-c", "echo 1 >/proc/sys/kernel/msgmax").getExitCode())
        .isNotZero();
  }

  @Test
  void aProfileThatIsNotLoadedIsRefused() throws Exception {
    Pod pod = criollo.pod("apparmor-absent");
    var absent = Pod.container("a", TestImages.BUSYBOX, "true");
    absent
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getApparmorBuilder()
        .setProfileType(ProfileType.Localhost)
        .setLocalhostRef("no-such-profile");

    Statuses.assertRefused(Code.FAILED_PRECONDITION, () -> pod.create(absent), "no-such-profile");
  }
}
