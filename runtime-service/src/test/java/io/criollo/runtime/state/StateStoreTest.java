// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerMetadata;
import io.criollo.cri.v1.ContainerUser;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456789Z");

  @TempDir private Path dir = Path.of("");
  private StateStore<PodRecord> pods =
      StateStore.pods(new Layout(Path.of("/"), Path.of("/"), Path.of("/")));
  private StateStore<ContainerRecord> containers =
      StateStore.containers(new Layout(Path.of("/"), Path.of("/"), Path.of("/")));

  @BeforeEach
  void open() {
    var layout = new Layout(dir, dir.resolve("run"), dir);
    pods = StateStore.pods(layout);
    containers = StateStore.containers(layout);
  }

  static PodRecord pod() {
    var config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder().setName("web").setNamespace("default").setUid("u1"))
            .putLabels("app", "web \u00e4")
            .build();
    var place = new PodPlace("web", List.of("10.88.0.2", "fd00::2"), "/criollo/x", "/criollo/x");
    return new PodRecord(PodId.random(), config, "crun", NOW, place, new PodState.Ready());
  }

  static ContainerRecord container(ContainerState state) {
    var config =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName("c"))
            .build();
    var place =
        new ContainerPlace(
            "crun",
            new ContainerImage("sha256:1", "r@sha256:1", "busybox"),
            "/var/log/c.log",
            "/criollo/x/criollo-1",
            ContainerUser.getDefaultInstance(),
            "SIGTERM");
    return new ContainerRecord(ContainerId.random(), PodId.random(), config, NOW, place, state);
  }

  @Test
  void whatWasSavedIsLoadedUnchanged() throws IOException {
    var pod = pod();
    pods.save(pod.id().hex(), pod);
    assertThat(pods.loadAll()).containsExactly(pod);
    for (var state : states()) {
      var container = container(state);
      containers.save(container.id().hex(), container);
      assertThat(containers.loadAll()).contains(container);
    }
  }

  private static List<ContainerState> states() {
    var process = new LiveProcess(42, 4711);
    return List.of(
        new ContainerState.Created(),
        new ContainerState.Running(process, NOW),
        new ContainerState.Exited(NOW, NOW.plusSeconds(1), 137, true, ""),
        new ContainerState.Lost(NOW, "no monitor"));
  }

  @Test
  void deletedObjectLeavesNothing() throws IOException {
    var pod = pod();
    pods.save(pod.id().hex(), pod);
    pods.delete(pod.id().hex());
    pods.delete(pod.id().hex());
    assertThat(dir.resolve("pods")).isEmptyDirectory();
  }

  @Test
  void tornFileIsSetAsideAndTheOthersAreLoaded() throws IOException {
    var good = pod();
    var torn = pod();
    pods.save(good.id().hex(), good);
    pods.save(torn.id().hex(), torn);
    var file = dir.resolve("pods").resolve(torn.id().hex()).resolve("pod.json");
    var content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
    assertThat(pods.loadAll()).containsExactly(good);
    assertThat(dir.resolve("quarantine"))
        .isDirectoryContaining(p -> p.toString().endsWith("pod.json"));
    assertThat(pods.loadAll()).containsExactly(good);
  }

  @Test
  void foreignFormatAndForeignObjectAreSetAside() throws IOException {
    var pod = pod();
    pods.save(pod.id().hex(), pod);
    var file = dir.resolve("pods").resolve(pod.id().hex()).resolve("pod.json");
    var text = Files.readString(file);
    Files.writeString(file, text.replace("\"version\" : 1", "\"version\" : 2"));
    assertThat(pods.loadAll()).isEmpty();
    var other = Files.createDirectories(dir.resolve("pods").resolve(PodId.random().hex()));
    Files.writeString(other.resolve("pod.json"), text);
    assertThat(pods.loadAll()).isEmpty();
  }

  @Test
  void folderOfAnotherPartIsLeftAlone() throws IOException {
    var foreign = Files.createDirectories(dir.resolve("containers/abc/merged"));
    assertThat(containers.loadAll()).isEmpty();
    assertThat(foreign).exists();
  }

  @Test
  void damagedFilesNeverStopTheLoading() throws IOException {
    var random = new Random(20261121);
    var pod = pod();
    pods.save(pod.id().hex(), pod);
    var file = dir.resolve("pods").resolve(pod.id().hex()).resolve("pod.json");
    var content = Files.readAllBytes(file);
    for (int i = 0; i < 300; i++) {
      var damaged = content.clone();
      for (int n = random.nextInt(1, 20); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      assertThat(pods.loadAll()).hasSizeLessThanOrEqualTo(1);
    }
  }
}
