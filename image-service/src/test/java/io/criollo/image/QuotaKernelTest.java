// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.mount.RootFilesystem;
import io.criollo.image.mount.UpperLimit;
import io.criollo.image.reference.ImageId;
import io.criollo.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Writable layers on a file system with project quotas; images are on another one.
@ParameterizedClass
@EnumSource
class QuotaKernelTest {
  private static final int MIB = 1 << 20;

  private final QuotaDisk.Type type;
  @TempDir Path folder;
  private FakeRegistry registry;
  private QuotaDisk disk;
  private TestStore store;
  private ImageId image;

  QuotaKernelTest(QuotaDisk.Type type) {
    this.type = type;
  }

  @BeforeEach
  void open() throws Exception {
    disk = QuotaDisk.mount(folder, type);
    var layer = new TestLayer().directory("etc", 0755).noise("etc/lower", MIB, 1).gzip();
    registry = new FakeRegistry().image("app", "v1", TestImage.of("quota", layer));
    var storage =
        new Storage(
            folder.resolve("root/images"),
            disk.path().resolve("containers"),
            new UpperLimit(8 * MIB, 1000));
    store = new TestStore(folder, storage).registry("reg.test", registry);
    image = store.pull("reg.test/app:v1");
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    disk.close();
    registry.close();
  }

  private RootFilesystem container(String name) throws Exception {
    return store.images().rootFilesystems().create(name, image);
  }

  private long bytes(String name) throws Exception {
    return store.images().rootFilesystems().usage(name).bytes();
  }

  private long inodes(String name) throws Exception {
    return store.images().rootFilesystems().usage(name).inodes();
  }

  private static void write(Path file, int size) throws IOException {
    Files.write(file, new byte[size]);
  }

  @Test
  void whatAContainerWritesIsCountedForItAlone() throws Exception {
    var one = container("one");
    container("two");

    Files.createDirectory(one.path().resolve("var"));
    for (int i = 0; i < 20; i++) {
      write(one.path().resolve("var/f" + i), MIB / 10);
    }
    Files.write(one.path().resolve("etc/lower"), new byte[] {1}); // copied up
    Files.createDirectory(one.path().resolve("etc/d"));
    Files.move(one.path().resolve("var/f0"), one.path().resolve("etc/d/moved"));

    // files, copy, directories and /etc; overlayfs makes files to try things out, which XFS takes
    // back a moment later
    eventually("all are counted once", () -> inodes("one") - inodes("two") == 20 + 1 + 3);
    assertThat(bytes("one") - bytes("two")).isBetween(2L * MIB, 2L * MIB + MIB / 2);
    assertThat(bytes("two")).isLessThan(MIB / 4);
  }

  @Test
  void noContainerWritesMoreThanItsLimit() throws Exception {
    var one = container("one");
    var two = container("two");
    write(one.path().resolve("a"), 6 * MIB);
    assertThatThrownBy(() -> write(one.path().resolve("b"), 4 * MIB))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(type.overLimit());
    assertThat(bytes("one")).isLessThanOrEqualTo(8 * MIB);
    write(two.path().resolve("b"), 4 * MIB);
    assertThat(Files.getFileStore(two.path()).getTotalSpace()).as("df").isEqualTo(8 * MIB);

    Files.delete(one.path().resolve("a"));
    Files.delete(one.path().resolve("b"));
    eventually("the space is free again", () -> bytes("one") < MIB);
    write(one.path().resolve("c"), 4 * MIB);
  }

  @Test
  void noContainerMakesMoreFilesThanItsLimit() throws Exception {
    var one = container("one");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                Files.createFile(one.path().resolve("f" + i));
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(type.overLimit());
    assertThat(inodes("one")).isEqualTo(1000);
  }

  @Test
  void whatAContainerWritesToItsVolumesCountsToo() throws Exception {
    var one = container("one");
    write(Files.createDirectory(one.volumes().resolve("0")).resolve("a"), 6 * MIB);
    assertThat(bytes("one")).isBetween(6L * MIB, 8L * MIB);
    assertThatThrownBy(() -> write(one.path().resolve("b"), 4 * MIB))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(type.overLimit());
    store.images().rootFilesystems().remove("one");
    assertThat(one.volumes()).doesNotExist();
  }

  @Test
  void theNextDaemonCountsOnAndGivesOtherIds() throws Exception {
    var one = container("one");
    write(one.path().resolve("a"), 2 * MIB);
    var before = bytes("one");
    store.images().close();
    store.open();

    assertThat(bytes("one")).isEqualTo(before);
    var two = container("two");
    write(two.path().resolve("a"), 6 * MIB);
    assertThat(bytes("one")).isEqualTo(before);
    store.images().rootFilesystems().remove("two");
    assertThat(bytes("one")).isEqualTo(before);
  }

  @Test
  void aRootFileSystemThatIsMountedAgainIsCountedOn() throws Exception {
    var one = container("one");
    write(one.path().resolve("a"), 2 * MIB);
    Mounts.unmountDetached(one.path());
    store.images().rootFilesystems().mountAgain("one");
    Files.createDirectory(one.path().resolve("etc/new"));
    Files.write(one.path().resolve("etc/lower"), new byte[] {1});
    assertThat(bytes("one")).isBetween(2L * MIB, 4L * MIB);
  }

  @Test
  void imagesAndContainersOnTwoFileSystemsAreToldApart() throws Exception {
    var one = container("one");
    var info = store.images().imageFsInfo();
    var images = info.ofImages();
    var containers = info.ofContainers();
    assertThat(images.mountpoint()).isEqualTo(folder.resolve("root/images"));
    assertThat(images.bytes()).isBetween((long) MIB, 2L * MIB);
    assertThat(containers.mountpoint()).isEqualTo(disk.path().resolve("containers"));
    assertThat(info.containerMountpoint()).isEqualTo(containers.mountpoint());

    write(one.path().resolve("a"), 4 * MIB);
    for (int i = 0; i < 100; i++) {
      Files.createFile(one.path().resolve("f" + i));
    }
    assertThat(info.ofContainers().bytes() - containers.bytes()).isGreaterThanOrEqualTo(4 * MIB);
    // less the few that overlayfs has tried things out with, which XFS takes back a moment later
    assertThat(info.ofContainers().inodes() - containers.inodes()).isBetween(85L, 101L);
    assertThat(info.ofImages().bytes()).isEqualTo(images.bytes());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void eventually(String what, Condition condition) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
