// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.linux.MountInfo;
import io.criollo.linux.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real runtimes take what [SpecBuilder] makes, and the container is as was asked.
class SpecKernelTest {
  @TempDir private Path directory;
  private Bundle bundle;

  @BeforeEach
  void makeBundle() throws Exception {
    bundle = new Bundle(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void plainContainerRunsWithTheDefaultCapabilitiesAndNoMore(String runtime) throws Exception {
    var status = run(runtime, "cat /proc/self/status", _ -> {});
    assertThat(status)
        .contains("CapInh:\t0000000000000000")
        .contains("CapPrm:\t00000000000005fb")
        .contains("CapEff:\t00000000000005fb")
        .contains("CapBnd:\t00000000000005fb")
        .contains("CapAmb:\t0000000000000000")
        .contains("NoNewPrivs:\t0")
        .contains("Seccomp:\t0")
        .contains("Groups:\t0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void otherUserHasNoCapabilitiesAndItsOwnGroups(String runtime) throws Exception {
    Files.writeString(
        bundle.rootfs().resolve("etc/passwd"), "web:x:1000:1001::/home/web:/bin/sh\n");
    Files.writeString(bundle.rootfs().resolve("etc/group"), "extra:x:50000:web\n");
    var status =
        run(
            runtime,
            "cat /proc/self/status; echo HOME=$HOME",
            c ->
                c.getLinuxBuilder()
                    .getSecurityContextBuilder()
                    .setNoNewPrivs(true)
                    .addSupplementalGroups(1234)
                    .getRunAsUserBuilder()
                    .setValue(1000));
    assertThat(status)
        .contains("Uid:\t1000\t1000\t1000\t1000")
        .contains("Gid:\t1001\t1001\t1001\t1001")
        .contains("Groups:\t1001 1234 50000")
        .contains("CapPrm:\t0000000000000000")
        .contains("CapEff:\t0000000000000000")
        .contains("CapAmb:\t0000000000000000")
        .contains("NoNewPrivs:\t1")
        .contains("HOME=/home/web");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void runtimeDefaultFiltersSystemCalls(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "cat /proc/self/status; unshare -U true || echo refused",
            c ->
                c.getLinuxBuilder()
                    .getSecurityContextBuilder()
                    .getSeccompBuilder()
                    .setProfileType(ProfileType.RuntimeDefault));
    assertThat(out).contains("Seccomp:\t2").contains("Operation not permitted").contains("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void localhostProfileIsApplied(String runtime) throws Exception {
    var profile = directory.resolve("profile.json");
    Files.writeString(
        profile,
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}
        """);
    var out =
        run(
            runtime,
            "mkdir /tmp/x || echo refused",
            c ->
                c.getLinuxBuilder()
                    .getSecurityContextBuilder()
                    .getSeccompBuilder()
                    .setProfileType(ProfileType.Localhost)
                    .setLocalhostRef(profile.toString()));
    assertThat(out).contains("No space left on device").contains("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void mountsOfTheRequestAreThere(String runtime) throws Exception {
    var data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("file"), "content\n");
    var link = Files.createSymbolicLink(directory.resolve("link"), data);
    var missing = directory.resolve("missing/below");
    var out =
        run(
            runtime,
            """
            cat /data/file /etc/hostname; touch /data/ro 2>&1 || echo read-only
            touch /made/new; mount | grep -E ' /(data|made|sys|dev/shm) '
            """,
            c -> {
              c.addMountsBuilder()
                  .setContainerPath("/data")
                  .setHostPath(link.toString())
                  .setReadonly(true);
              c.addMountsBuilder()
                  .setContainerPath("/made")
                  .setHostPath(missing.toString())
                  .setPropagation(MountPropagation.PROPAGATION_PRIVATE);
            });
    assertThat(out).contains("content\npod-1\n").contains("read-only");
    assertThat(missing.resolve("new")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void recursivelyReadOnlyMountCoversSubmounts(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "mount | grep ' /host-dev'",
            c ->
                c.addMountsBuilder()
                    .setContainerPath("/host-dev")
                    .setHostPath("/dev")
                    .setReadonly(true)
                    .setRecursiveReadOnly(true));
    assertThat(out.lines()).isNotEmpty().allMatch(line -> line.contains("(ro,"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void privilegedContainerMayDoEverything(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "cat /proc/self/status; mount | grep ' /sys '; test -c /dev/kmsg; test -w /proc/sys/kernel/hostname && echo writable",
            c -> c.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true));
    var own = Files.readString(Path.of("/proc/self/status"));
    var all = own.lines().filter(line -> line.startsWith("CapBnd:")).findFirst().orElseThrow();
    assertThat(out)
        .contains(all.replace("CapBnd", "CapEff"))
        .contains("CapInh:\t0000000000000000")
        .contains("writable")
        .containsPattern(" /sys .*\\(rw,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void missingWorkingDirectoryIsMade(String runtime) throws Exception {
    assertThat(run(runtime, "pwd", c -> c.setWorkingDir("/srv/app"))).isEqualTo("/srv/app\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void deviceOfTheRequestCanBeUsed(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "ls -l /dev/other-null; echo x > /dev/other-null && echo used",
            c ->
                c.addDevicesBuilder()
                    .setHostPath("/dev/null")
                    .setContainerPath("/dev/other-null")
                    .setPermissions("rw"));
    assertThat(out).contains("1,   3").contains("used");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void readOnlyRootCannotBeWritten(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "touch /file || echo refused",
            c -> c.getLinuxBuilder().getSecurityContextBuilder().setReadonlyRootfs(true));
    assertThat(out).contains("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void limitsAreInTheCgroup(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "cd /sys/fs/cgroup; grep . memory.max memory.swap.max cpu.max cpu.weight pids.max cpuset.cpus; cat /proc/self/oom_score_adj",
            c ->
                c.getLinuxBuilder()
                    .getResourcesBuilder()
                    .setMemoryLimitInBytes(64 << 20)
                    .setCpuShares(1024)
                    .setCpuQuota(50_000)
                    .setCpuPeriod(100_000)
                    .setCpusetCpus("0")
                    .setOomScoreAdj(321)
                    .putUnified("pids.max", "77"));
    assertThat(out.lines())
        .contains(
            "memory.max:67108864",
            "memory.swap.max:0",
            "cpu.max:50000 100000",
            "pids.max:77",
            "cpuset.cpus:0",
            "321");
    assertThat(out).containsPattern("cpu.weight:(39|100)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void deviceThatWasNotGivenCannotBeOpened(String runtime) throws Exception {
    var out =
        run(
            runtime,
            "mknod /tmp/kmsg c 1 11; echo made; cat /tmp/kmsg || echo refused; mknod /tmp/zero c 1 5; echo x > /tmp/zero && echo zero",
            c ->
                c.getLinuxBuilder()
                    .getSecurityContextBuilder()
                    .getCapabilitiesBuilder()
                    .addAddCapabilities("MKNOD"));
    assertThat(out).contains("made", "Operation not permitted", "refused", "zero");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void mountsTravelAsAsked(String runtime) throws Exception {
    var shared = Files.createDirectories(directory.resolve("shared"));
    Mounts.tmpfs(shared, 1 << 20, 0755);
    try {
      Mounts.propagation(shared, Mounts.MS_SHARED);
      var out =
          run(
              runtime,
              "mkdir /both/a; mount -t tmpfs inner /both/a; grep -c inner /proc/self/mountinfo; grep -E ' /(both|slave) ' /proc/self/mountinfo",
              c -> {
                var security = c.getLinuxBuilder().getSecurityContextBuilder();
                security.getCapabilitiesBuilder().addAddCapabilities("SYS_ADMIN");
                c.addMountsBuilder()
                    .setContainerPath("/both")
                    .setHostPath(shared.toString())
                    .setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL);
                c.addMountsBuilder()
                    .setContainerPath("/slave")
                    .setHostPath(shared.toString())
                    .setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER);
              });
      assertThat(out).containsPattern(" /both .*shared:").containsPattern(" /slave .*master:");
      assertThat(MountInfo.self())
          .anyMatch(mount -> mount.mountPoint().equals(shared.resolve("a")));
    } finally {
      Mounts.unmountDetached(shared);
    }
  }

  private String run(String runtime, String script, Consumer<ContainerConfig.Builder> change)
      throws Exception {
    return bundle.run(runtime, bundle.shell(script, change));
  }
}
