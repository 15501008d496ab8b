// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Labels of processes and files, on a node that was booted with SELinux.
class SelinuxIT {
  private static final Pattern CONFINED =
      Pattern.compile("system_u:system_r:container_t:(s0:c[0-9]+,c[0-9]+)");
  private static final String UNCONFINED = "system_u:system_r:spc_t:s0";

  @RegisterExtension static final CriolloNode criollo = labelling();

  private static CriolloNode labelling() {
    try {
      SelinuxPolicy.load();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("this node has no SELinux", e);
    }
    return CriolloNode.shared();
  }

  @Test
  void podsAreKeptApartByCategoriesAndTheirContainersTogether() throws IOException {
    Pod pod = criollo.pod("one");
    String first = process(pod, start(pod, "a", _ -> {}));
    String second = process(pod, start(pod, "b", _ -> {}));
    Pod other = criollo.pod("other");
    assertThat(first).matches(CONFINED).isEqualTo(second);
    assertThat(process(other, start(other, "a", _ -> {}))).matches(CONFINED).isNotEqualTo(first);
  }

  @Test
  void aPodKeepsItsCategoriesWhenTheDaemonIsStartedAnew() throws Exception {
    Pod pod = criollo.pod("kept");
    String before = process(pod, start(pod, "a", _ -> {}));
    criollo.daemon().kill();
    criollo.startAgain();
    assertThat(process(pod, start(pod, "b", _ -> {}))).isEqualTo(before);
  }

  @Test
  void filesHaveTheLabelOfThePod() throws Exception {
    Pod pod = criollo.pod("files");
    String id = start(pod, "a", _ -> {});
    String label = "system_u:object_r:container_file_t:" + level(process(pod, id));
    assertThat(pod.output(id, "cat", "/proc/1/mountinfo"))
        .containsPattern(" / / .* overlay .*context=\"?" + Pattern.quote(label))
        .containsPattern(" /dev/shm .*context=\"?" + Pattern.quote(label));
    Path files = criollo.node().root().resolveSibling("run/pods").resolve(pod.id());
    assertThat(label(files.resolve("resolv.conf"))).isEqualTo(label);
    assertThat(label(files.resolve("hostname"))).isEqualTo(label);
  }

  @Test
  void theInitOfASharedPidNamespaceHasTheLabelOfThePod() throws IOException {
    var config = criollo.config("shared");
    config.getLinuxBuilder().setSecurityContext(Pod.pid(NamespaceMode.POD));
    Pod pod = criollo.run(config.build());
    String id = start(pod, "a", s -> s.getNamespaceOptionsBuilder().setPid(NamespaceMode.POD));
    assertThat(pod.output(id, "cat", "/proc/1/mountinfo"))
        .contains("context=\"system_u:object_r:container_file_t:" + level(process(pod, id)) + "\"");
  }

  @Test
  void volumesAreRelabelledWhereThatIsAskedForAndLinksAreNotFollowed() throws Exception {
    Path folder = Files.createTempDirectory(criollo.node().logs(), "volumes");
    Path outside = Files.writeString(folder.resolve("outside"), "");
    Path asked = Files.createDirectories(folder.resolve("asked/below"));
    Path file = Files.writeString(asked.resolve("file"), "");
    Files.createSymbolicLink(asked.resolve("link"), outside);
    Path left = Files.createDirectory(folder.resolve("left"));
    String before = label(left);

    Pod pod = criollo.pod("volumes");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "100000");
    container.addMounts(mount(folder.resolve("asked"), "/asked").setSelinuxRelabel(true));
    container.addMounts(mount(left, "/left"));
    String id = pod.createAndStart(container);

    String label = "system_u:object_r:container_file_t:" + level(process(pod, id));
    assertThat(label(folder.resolve("asked"))).isEqualTo(label);
    assertThat(label(file)).isEqualTo(label);
    assertThat(label(asked.resolve("link"))).isEqualTo(label);
    assertThat(label(outside)).isEqualTo(before);
    assertThat(label(left)).isEqualTo(before);
  }

  @Test
  void whoIsPrivilegedOrSharesWithTheNodeIsNotConfined() throws IOException {
    var config = criollo.config("privileged");
    config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    Pod pod = criollo.run(config.build());
    assertThat(process(pod, start(pod, "a", s -> s.setPrivileged(true)))).isEqualTo(UNCONFINED);
    assertThat(
            process(
                pod,
                start(pod, "b", s -> s.getNamespaceOptionsBuilder().setPid(NamespaceMode.NODE))))
        .isEqualTo(UNCONFINED);

    var host = criollo.config("host");
    host.getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    Pod shared = criollo.run(host.build());
    assertThat(process(shared, start(shared, "a", _ -> {}))).isEqualTo(UNCONFINED);
  }

  @Test
  void whatThePodOrTheContainerAsksForStands() throws IOException {
    var config = criollo.config("asking");
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getSelinuxOptionsBuilder()
        .setLevel("s0:c7,c8");
    Pod pod = criollo.run(config.build());
    assertThat(process(pod, start(pod, "a", _ -> {})))
        .isEqualTo("system_u:system_r:container_t:s0:c7,c8");
    assertThat(
            process(
                pod, start(pod, "b", s -> s.getSelinuxOptionsBuilder().setType("svirt_lxc_net_t"))))
        .isEqualTo("system_u:system_r:svirt_lxc_net_t:s0:c7,c8");
  }

  @Test
  void withoutNewPrivilegesItHasItsLabelToo() throws IOException {
    Pod pod = criollo.pod("no-new-privs");
    assertThat(process(pod, start(pod, "a", s -> s.setNoNewPrivs(true))))
        .matches(CONFINED)
        .isEqualTo(process(pod, start(pod, "b", _ -> {})));
  }

  @Test
  void whatThePolicyDoesNotKnowIsRefusedAndLeavesNothing() throws IOException {
    Pod pod = criollo.pod("unknown");
    assertThatThrownBy(() -> start(pod, "a", s -> s.getSelinuxOptionsBuilder().setType("web_t")))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("system_u:system_r:web_t:");
    assertThatThrownBy(
            () -> start(pod, "a", s -> s.getSelinuxOptionsBuilder().setLevel("s0,c4,c5")))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("level");
  }

  private static String start(
      Pod pod, String name, Consumer<LinuxContainerSecurityContext.Builder> change) {
    ContainerConfig.Builder container = Pod.container(name, TestImages.BUSYBOX, "sleep", "100000");
    var security = container.getLinuxBuilder().getSecurityContextBuilder();
    security.getNamespaceOptionsBuilder().setPid(NamespaceMode.CONTAINER);
    change.accept(security);
    String id = pod.createAndStart(container);
    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    return id;
  }

  /// {@return the label of a process that is started in the container}
  private static String process(Pod pod, String id) {
    return pod.output(id, "cat", "/proc/self/attr/current").replace("\0", "");
  }

  private static String level(String process) {
    var found = CONFINED.matcher(process);
    assertThat(found.matches()).as(process).isTrue();
    return found.group(1);
  }

  private static Mount.Builder mount(Path from, String to) {
    return Mount.newBuilder().setHostPath(from.toString()).setContainerPath(to);
  }

  private static String label(Path file) throws IOException, InterruptedException {
    return Command.run("stat", "-c", "%C", file.toString()).strip();
  }
}
