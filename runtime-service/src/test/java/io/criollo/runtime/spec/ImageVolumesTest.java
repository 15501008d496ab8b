// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.manifest.ImageConfig;
import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageVolumesTest {
  @TempDir private Path directory;
  private Path rootfs;

  @BeforeEach
  void makeRoot() throws IOException {
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
  }

  private List<BindMount> make(VolumeMode mode, List<String> volumes, BindMount... requested)
      throws IOException {
    var defaults =
        ContainerDefaults.USUAL.with(
            ContainerDefaults.Files.of(mode, false, List.of(), Optional.empty()));
    var node =
        new NodeFacts(
            defaults,
            40,
            () -> new CpuList("0"),
            () -> new CpuList("0"),
            0,
            EnumSet.noneOf(NodeFacts.Feature.class));
    var image =
        new ImageConfig(
            "",
            List.of(),
            List.of(),
            List.of(),
            "",
            volumes,
            Map.of(),
            Optional.empty(),
            "linux",
            "amd64");
    var input = Inputs.withImage(Inputs.withNode(Inputs.plain(), node), image);
    return ImageVolumes.of(Inputs.withUser(Inputs.withPaths(input, paths()), myself()))
        .make(List.of(requested));
  }

  private PodPaths paths() {
    var shm = directory.resolve("shm");
    var volumes = directory.resolve("volumes");
    return new PodPaths(
        NamespacePaths.NONE, shm, shm, shm, "/c", rootfs, volumes, Optional.empty());
  }

  private ContainerUserIds myself() throws IOException {
    int uid = (int) Files.getAttribute(rootfs, "unix:uid");
    int gid = (int) Files.getAttribute(rootfs, "unix:gid");
    return new ContainerUserIds(uid, gid, List.of(gid), "/");
  }

  private static BindMount at(String destination) {
    return new BindMount(
        destination, "/host", Access.READ_ONLY, Propagation.PRIVATE, List.of(), false);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void missingDirectoriesAreMade() throws IOException {
    var mounts = make(VolumeMode.MKDIR, List.of("/var/lib/data", "relative", "/"));

    assertThat(mounts).isEmpty();
    assertThat(rootfs.resolve("relative")).isDirectory();
    assertThat(permissions(rootfs.resolve("var/lib/data"))).isEqualTo("rwxr-xr-x");
    make(VolumeMode.MKDIR, List.of("/var/lib/data"));
  }

  @Test
  void linksStayInTheRoot() throws IOException {
    Files.createSymbolicLink(rootfs.resolve("out"), directory);
    Files.createSymbolicLink(rootfs.resolve("up"), Path.of("../../.."));
    make(VolumeMode.MKDIR, List.of("/out/made", "/up/also"));

    assertThat(directory.resolve("made")).doesNotExist();
    assertThat(rootfs.resolve("also")).isDirectory();
  }

  @Test
  void whatIsThereInTheWayIsLeftAlone() throws IOException {
    Files.writeString(rootfs.resolve("file"), "kept");
    make(VolumeMode.MKDIR, List.of("/file", "/file/below"));

    assertThat(rootfs.resolve("file")).hasContent("kept");
    assertThat(make(VolumeMode.BIND, List.of("/file"))).isEmpty();
  }

  @Test
  void boundOnesAreEmptyDirectoriesOutsideThatLookLikeThoseInTheImage() throws IOException {
    var there = Files.createDirectory(rootfs.resolve("there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(there.resolve("given"), "x");
    Files.createSymbolicLink(rootfs.resolve("link"), directory);
    Files.createDirectories(directory.resolve("not/in/the/image"));

    var mounts =
        make(VolumeMode.BIND, List.of("/there", "missing/deep", "/there/", "/link/not/in/the"));

    assertThat(mounts)
        .extracting(BindMount::destination)
        .containsExactly("/there", "/missing/deep", "/link/not/in/the");
    assertThat(mounts)
        .extracting(BindMount::source)
        .containsExactly(source(0), source(1), source(2));
    assertThat(mounts).allMatch(mount -> mount.access() == Access.READ_WRITE);
    assertThat(Path.of(source(0))).isEmptyDirectory();
    assertThat(permissions(Path.of(source(0)))).isEqualTo("rwxrwxrwx");
    assertThat(permissions(Path.of(source(1)))).isEqualTo("rwxr-xr-x");
    assertThat(rootfs.resolve("missing")).doesNotExist(); // the runtime makes it
  }

  private String source(int number) {
    return directory.resolve("volumes/" + number).toString();
  }

  @Test
  void mountsOfTheRequestWin() throws IOException {
    var mounts =
        make(
            VolumeMode.BIND,
            List.of("/data", "/data/sub", "/database", "/etc"),
            at("/data"),
            at("/etc/hosts"));

    assertThat(mounts)
        .extracting(BindMount::destination)
        .containsExactlyInAnyOrder("/database", "/etc");
  }

  @Test
  void noVolumeHidesWhatTheRuntimeOrWeMount() throws IOException {
    var hidden =
        List.of(
            "/", "//", "/proc", "/proc/self", "/sys/fs/cgroup", "/dev", "/dev/shm", "/./dev/pts");

    assertThat(make(VolumeMode.BIND, hidden)).isEmpty();
    assertThat(make(VolumeMode.BIND, List.of("/etc/resolv.conf", "/etc/hostname"))).isEmpty();
    assertThat(directory.resolve("volumes")).doesNotExist();
    assertThat(make(VolumeMode.BIND, List.of("/process", "/system"))).hasSize(2);
  }

  @Test
  void ignoredOnesLeaveNoTrace() throws IOException {
    assertThat(make(VolumeMode.IGNORE, List.of("/var/lib/data", "/../x"))).isEmpty();
    assertThat(rootfs).isEmptyDirectory();
    assertThat(directory.resolve("volumes")).doesNotExist();
  }

  @Test
  void hostileListsAreRefused() {
    for (var mode : List.of(VolumeMode.MKDIR, VolumeMode.BIND)) {
      for (var volume : List.of("/a/../../etc", "a\0", "/a\nb")) {
        assertThatThrownBy(() -> make(mode, List.of(volume)))
            .isInstanceOf(Refusal.InvalidArgument.class)
            .hasMessageContaining("volume of the image");
      }
      assertThatThrownBy(() -> make(mode, Collections.nCopies(1001, "/a")))
          .isInstanceOf(Refusal.InvalidArgument.class);
    }
  }

  @Test
  void modesHaveTheNamesOfCrioConf() {
    assertThat(List.of("mkdir", "bind", "ignore"))
        .extracting(VolumeMode::parse)
        .containsExactly(VolumeMode.MKDIR, VolumeMode.BIND, VolumeMode.IGNORE);
    assertThatThrownBy(() -> VolumeMode.parse("MKDIR"))
        .hasMessage("must be mkdir or bind or ignore, is MKDIR");
  }
}
