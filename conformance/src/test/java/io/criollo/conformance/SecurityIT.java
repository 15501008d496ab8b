// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.SecurityProfile;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What a container may do, as its security context says.
class SecurityIT {
  private static final String NO_CAPABILITIES = "0000000000000000";
  private static final String APPARMOR =
      """
      profile criollo-test-deny flags=(attach_disconnected) {
        file,
        signal,
        deny /tmp/** w,
      }
      """;
  private static final String NO_SUCH = "localhost/no-such-profile";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir private Path dir = Path.of("");

  private static String sleeper(
      Pod pod, String name, Consumer<LinuxContainerSecurityContext.Builder> change) {
    var container = Pod.container(name, TestImages.BUSYBOX, "sleep", "1000");
    change.accept(container.getLinuxBuilder().getSecurityContextBuilder());
    return pod.createAndStart(container);
  }

  @Test
  void aUserIsFoundByName() throws Exception {
    Pod pod = criollo.pod("user");
    String id = sleeper(pod, "a", security -> security.setRunAsUsername("www-data"));

    assertThat(pod.output(id, "id", "-nu")).isEqualTo("www-data");
    assertThat(pod.output(id, "cat", "/proc/1/status")).contains("Uid:\t33\t33\t33\t33");
    assertThat(pod.status(id).getUser().getLinux().getUid()).isEqualTo(33);
  }

  @Test
  void allCapabilitiesAreGivenOrTaken() throws Exception {
    Pod pod = criollo.pod("capabilities");
    String all =
        sleeper(
            pod, "all", security -> security.getCapabilitiesBuilder().addAddCapabilities("ALL"));
    String none =
        sleeper(
            pod, "none", security -> security.getCapabilitiesBuilder().addDropCapabilities("ALL"));

    for (var process : new String[] {"1", "self"}) { // the first one, and one of an exec
      assertThat(capabilities(pod.output(all, "cat", "/proc/" + process + "/status")))
          .isEqualTo(capabilities(Files.readString(Path.of("/proc/self/status"))))
          .isNotEqualTo(NO_CAPABILITIES);
      assertThat(capabilities(pod.output(none, "cat", "/proc/" + process + "/status")))
          .isEqualTo(NO_CAPABILITIES);
    }
  }

  @Test
  void ambientCapabilitiesReachAUserWhoHasNoOthers() throws Exception {
    Pod pod = criollo.pod("ambient");
    String id =
        sleeper(
            pod,
            "a",
            security -> {
              security.getRunAsUserBuilder().setValue(1000);
              security.getCapabilitiesBuilder().addAddAmbientCapabilities("NET_BIND_SERVICE");
            });

    for (var process : new String[] {"1", "self"}) { // the first one, and one of an exec
      assertThat(pod.output(id, "cat", "/proc/" + process + "/status"))
          .contains("CapEff:\t0000000000000400\n", "CapAmb:\t0000000000000400\n");
    }
  }

  private static String capabilities(String status) {
    return status.replaceFirst("(?s).*\nCapBnd:\\s+(\\S+)\n.*", "$1");
  }

  @Test
  void pathsAreReadOnlyOrMasked() throws Exception {
    Pod pod = criollo.pod("paths");
    String id =
        sleeper(pod, "a", security -> security.addReadonlyPaths("/tmp").addMaskedPaths("/bin/ls"));

    assertThat(pod.exec(id, "touch", "/tmp/test").getStderr().toStringUtf8())
        .isEqualTo("touch: /tmp/test: Read-only file system\n");
    assertThat(pod.exec(id, "touch", "/home/test").getExitCode()).isZero();
    assertThat(pod.exec(id, "sh", "-c", "/bin/ls").getStderr().toStringUtf8())
        .isEqualTo("sh: /bin/ls: Permission denied\n");
    assertThat(pod.output(id, "sh", "-c", "wc -c </bin/ls")).isEqualTo("0");
  }

  @Test
  void aSetUserIdProgramGivesRightsUnlessThatIsForbidden() throws Exception {
    criollo.client().pull(TestImages.USERS);
    Pod pod = criollo.pod("set-user-id");
    for (var forbidden : new boolean[] {false, true}) {
      var container = Pod.container("no-new-privs-" + forbidden, TestImages.USERS);
      var security = container.getLinuxBuilder().getSecurityContextBuilder();
      security.setNoNewPrivs(forbidden).getRunAsUserBuilder().setValue(1000);
      pod.awaitExit(pod.createAndStart(container));

      assertThat(pod.log("no-new-privs-" + forbidden))
          .singleElement()
          .asString()
          .endsWith(" stdout F Effective uid: " + (forbidden ? 1000 : 0));
    }
  }

  @Test
  void aSeccompProfileOfTheNodeStopsWhatCapabilitiesAllow() throws Exception {
    Path file = Files.writeString(dir.resolve("profile.json"), forbidding("sethostname"));
    Pod pod = privileged("seccomp");
    String free = hostAdministrator(pod, "free", profile(ProfileType.Unconfined));
    String held = hostAdministrator(pod, "held", localhost(file.toString()));
    String usual = sleeper(pod, "unset", _ -> {});
    var container = Pod.container("privileged", TestImages.BUSYBOX, "sleep", "1000");
    container
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setPrivileged(true)
        .setSeccomp(localhost(file.toString()));
    String privileged = pod.createAndStart(container);

    assertThat(pod.exec(held, "hostname", "held").getStderr().toStringUtf8())
        .contains("Operation not permitted");
    assertThat(pod.output(held, "grep", "Seccomp:", "/proc/1/status")).endsWith("2");
    assertThat(pod.output(usual, "grep", "Seccomp:", "/proc/1/status")).endsWith("0");
    for (var id : new String[] {free, privileged}) {
      assertThat(pod.exec(id, "hostname", "renamed").getExitCode()).isZero();
      assertThat(pod.output(id, "hostname")).isEqualTo("renamed");
      assertThat(pod.output(id, "grep", "Seccomp:", "/proc/1/status")).endsWith("0");
    }
  }

  private static String forbidding(String call) {
    return """
    {"defaultAction": "SCMP_ACT_ALLOW",
     "syscalls": [{"names": ["%s"], "action": "SCMP_ACT_ERRNO"}]}
    """
        .formatted(call);
  }

  private static Pod privileged(String name) throws IOException {
    var config = criollo.config(name);
    config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    return criollo.run(config.build());
  }

  private static String hostAdministrator(Pod pod, String name, SecurityProfile seccomp) {
    return sleeper(
        pod,
        name,
        security ->
            security.setSeccomp(seccomp).getCapabilitiesBuilder().addAddCapabilities("SYS_ADMIN"));
  }

  private static SecurityProfile profile(ProfileType type) {
    return SecurityProfile.newBuilder().setProfileType(type).build();
  }

  private static SecurityProfile localhost(String ref) {
    return profile(ProfileType.Localhost).toBuilder().setLocalhostRef(ref).build();
  }

  @Test
  @SuppressWarnings("deprecation") // old clients set the older field
  void anAppArmorProfileOfTheNodeHoldsInEitherField() throws Exception {
    assumeTrue(Files.exists(Path.of("/sys/kernel/security/apparmor/profiles")));
    Path file = Files.writeString(dir.resolve("profile"), APPARMOR);
    Command.run("apparmor_parser", "--skip-cache", "--replace", file.toString());
    try {
      Pod pod = criollo.pod("apparmor-localhost");
      var newer = localhost("criollo-test-deny");
      assertDenied(pod, sleeper(pod, "newer", security -> security.setApparmor(newer)));
      var name = "localhost/criollo-test-deny";
      assertDenied(pod, sleeper(pod, "older", security -> security.setApparmorProfile(name)));
      assertDenied(
          pod,
          sleeper(
              pod, "both", security -> security.setApparmor(newer).setApparmorProfile(NO_SUCH)));
      pod.stop();
    } finally {
      Command.run("apparmor_parser", "--remove", file.toString());
    }
  }

  private static void assertDenied(Pod pod, String id) {
    for (var process : new String[] {"1", "self"}) { // the first one, and one of an exec
      assertThat(pod.output(id, "cat", "/proc/" + process + "/attr/current"))
          .isEqualTo("criollo-test-deny (enforce)");
    }
    assertThat(pod.exec(id, "touch", "/tmp/test").getExitCode()).isNotZero();
    assertThat(pod.exec(id, "touch", "/home/test").getExitCode()).isZero();
  }
}
