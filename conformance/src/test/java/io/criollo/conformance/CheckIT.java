// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ImageStatusRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Layers that go bad on the disk: `criollo check` as an operator calls it, and what the daemon
/// does by itself after a loss of power.
@AnyRuntime
class CheckIT {
  private static final String FILE = "data/kept/file";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void aLayerThatRotsIsFoundTakenOutAndFetchedAgainAlone() throws Exception {
    criollo.client().pull(TestImages.LAYERS);
    Pod pod = criollo.pod("rot");
    String id = pod.createAndStart(Pod.container("a", TestImages.LAYERS, "sleep", "1000"));
    assertThat(check(0)).contains("layers and images checked").doesNotContain("BROKEN");
    rot(file());

    assertThat(check(1)).contains("BROKEN layer sha256:", TestImages.LAYERS, FILE, "1 of ");
    assertThat(check(0, "--quick")).doesNotContain("BROKEN");
    assertThat(present()).isTrue();
    var before = layers();
    assertThat(check(0, "--repair")).contains(FILE, "1 taken out");
    assertThat(present()).isFalse();

    criollo.client().pull(TestImages.LAYERS);
    isOneLayerAnother(before);
    assertThat(check(0)).doesNotContain("BROKEN");
    assertThat(Files.readString(file())).isEqualTo("first\n");
    assertThat(pod.output(id, "ls", "/data/kept")).isEqualTo("file");
    String fresh = pod.createAndStart(Pod.container("b", TestImages.LAYERS, "sleep", "1000"));
    assertThat(pod.output(fresh, "cat", "/data/kept/file")).isEqualTo("first");
    pod.stop(id, Duration.ZERO);
    pod.remove(id);
    Path aside = criollo.node().root().resolve("images/aside");
    Patience.await(
        "what was set aside goes with its last container",
        Duration.ofSeconds(60),
        () -> isEmpty(aside));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  @Test
  void afterALossOfPowerAnEmptyFileIsFoundByItself() throws Exception {
    criollo.client().pull(TestImages.LAYERS);
    criollo.daemon().kill();
    Path session = criollo.node().root().resolve("images/session.json");
    Files.writeString(
        session, Files.readString(session).replaceFirst("\"boot\":\"[^\"]*", "\"boot\":\"before"));
    Files.write(file(), new byte[0]);
    var before = layers();
    criollo.startAgain();

    Patience.await("the image is taken out", Duration.ofSeconds(60), () -> !present());
    Patience.await(
        "all is checked",
        Duration.ofSeconds(60),
        () -> Files.readString(session).contains("\"doubtful\":false"));
    assertThat(Files.readString(criollo.node().daemonLog())).contains(FILE);
    criollo.client().pull(TestImages.LAYERS);
    isOneLayerAnother(before);
    assertThat(check(0)).doesNotContain("BROKEN");
  }

  private static boolean present() {
    var request =
        ImageStatusRequest.newBuilder().setImage(CriClient.spec(TestImages.LAYERS)).build();
    return criollo.client().images().imageStatus(request).hasImage();
  }

  private static String check(int status, String... options)
      throws IOException, InterruptedException {
    var command = criollo.node().command(CriolloNode.runtime(), options);
    command.add("check");
    return Command.run(new ProcessBuilder(command), status);
  }

  /// {@return the unpacked layers, each with what tells its folder from another one's}
  private static Map<Path, Object> layers() throws IOException {
    try (var layers = Files.list(criollo.node().root().resolve("images/layers"))) {
      return layers.collect(Collectors.toMap(each -> each, CheckIT::madeAt));
    }
  }

  private static Object madeAt(Path layer) {
    try {
      return Files.getAttribute(layer, "unix:ino") + " " + Files.getLastModifiedTime(layer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void isOneLayerAnother(Map<Path, Object> before) throws IOException {
    var after = layers();
    assertThat(after).hasSameSizeAs(before);
    assertThat(after.entrySet().stream().filter(each -> !before.entrySet().contains(each)))
        .hasSize(1);
  }

  private static Path file() throws IOException {
    try (var layers = Files.list(criollo.node().root().resolve("images/layers"))) {
      return layers
          .map(layer -> layer.resolve("diff").resolve(FILE))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow();
    }
  }

  /// As a disk does it: nothing but the content changes.
  private static void rot(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] content = Files.readAllBytes(file);
    content[0] ^= 1;
    Files.write(file, content);
    Files.setLastModifiedTime(file, time);
  }
}
