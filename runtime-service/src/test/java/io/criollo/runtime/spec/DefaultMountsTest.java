// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.spec.OciSpec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultMountsTest {
  @TempDir private Path dir = Path.of("");
  private Path conf = Path.of("");
  private Path secrets = Path.of("");

  @BeforeEach
  void secretsOfTheNode() throws IOException {
    conf = dir.resolve("mounts.conf");
    secrets = Files.createDirectories(dir.resolve("secrets"));
    Files.createDirectories(dir.resolve("target/below"));
    var key = Files.writeString(dir.resolve("target/below/key.pem"), "key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
    Files.createSymbolicLink(secrets.resolve("link"), dir.resolve("target"));
    Files.createSymbolicLink(secrets.resolve("nowhere"), dir.resolve("absent"));
  }

  private SpecInput input(String... mounted) {
    var files =
        new ContainerDefaults.Files(
            VolumeMode.MKDIR,
            false,
            List.of(),
            Optional.empty(),
            List.of(dir.resolve("absent.conf"), conf, dir.resolve("second.conf")),
            Optional.empty());
    var plain =
        Inputs.container(c -> {
          for (var destination : mounted) {
            c.addMountsBuilder().setContainerPath(destination).setHostPath("/usr");
          }
        });
    var paths = plain.paths();
    return Inputs.withDefaults(
        Inputs.withPaths(
            plain,
            new PodPaths(
                paths.namespaces(),
                paths.shm(),
                paths.resolvConf(),
                paths.hostname(),
                paths.cgroupPath(),
                paths.rootfs(),
                dir.resolve("volumes"),
                Optional.empty())),
        ContainerDefaults.USUAL.with(files));
  }

  private static Optional<Mount> mount(OciSpec spec, String destination) {
    return spec.mounts().stream().filter(m -> m.destination().equals(destination)).findFirst();
  }

  @Test
  void everyContainerGetsACopyWithWhatLinksLeadTo() throws IOException {
    Files.writeString(
        conf, "# ours\n " + secrets + ":/run/secrets \n" + dir + "/target/below/key.pem\n");
    Files.writeString(dir.resolve("second.conf"), "/usr:/second\n");

    var spec = SpecBuilder.build(input());

    var copy = mount(spec, "/run/secrets").orElseThrow();
    assertThat(copy.options()).containsExactly("rbind", "rprivate", "rw");
    assertThat(copy.source()).startsWith(dir + "/volumes/");
    assertThat(Path.of(copy.source(), "link/below/key.pem")).content().isEqualTo("key");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Path.of(copy.source(), "link/below/key.pem"))))
        .isEqualTo("r--------");
    assertThat(Files.isSymbolicLink(Path.of(copy.source(), "link"))).isFalse();
    assertThat(Path.of(copy.source(), "nowhere")).doesNotExist();
    var file = mount(spec, dir + "/target/below/key.pem").orElseThrow();
    assertThat(Path.of(file.source())).content().isEqualTo("key");
    assertThat(mount(spec, "/second")).isEmpty();
  }

  @Test
  void aMountOfTheRequestHoldsInPlaceOfADefaultOne() throws IOException {
    Files.writeString(conf, secrets + ":/run/secrets/\n");

    var spec = SpecBuilder.build(input("/run/secrets", "/run/secrets/clash"));

    assertThat(mount(spec, "/run/secrets").orElseThrow().source()).isEqualTo("/usr");
    assertThat(dir.resolve("volumes")).doesNotExist();
  }

  @Test
  void whatCannotBeMountedIsLeftOut() throws IOException {
    Files.writeString(dir.resolve("large"), "x".repeat((16 << 20) + 1));
    Files.createSymbolicLink(dir.resolve("target/loop"), dir.resolve("target"));
    Files.writeString(
        conf,
        """
        %1$s/absent:/a
        %1$s/large:/b
        /dev/null:/c
        %1$s/secrets:/d
        /usr:/proc/sys
        /usr:/e/../f
        /usr:relative
        %1$s/target/below/key.pem:/g
        """
            .formatted(dir));

    var spec = SpecBuilder.build(input());

    assertThat(spec.mounts().stream().filter(m -> m.source().startsWith(dir.toString())))
        .extracting(Mount::destination)
        .containsExactly("/g");
    try (var copies = Files.list(dir.resolve("volumes"))) {
      assertThat(copies).hasSize(1); // nothing is left of those that failed
    }
  }
}
