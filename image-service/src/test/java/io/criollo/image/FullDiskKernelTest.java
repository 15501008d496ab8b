// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pulls to a file system that is too small for them.
@Timeout(60)
class FullDiskKernelTest {
  private static final int SIZE = 400_000;
  private static final long DISK = 4L << 20;
  private static final long PAGE = 4096;

  @TempDir Path folder;
  private Path disk;
  private FakeRegistry registry;
  private TestStore store;

  @BeforeEach
  void open() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    Mounts.tmpfs(disk, DISK, 0755);
    registry = new FakeRegistry();
    store =
        new TestStore(folder, Storage.under(disk.resolve("root"))).registry("reg.test", registry);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    registry.close();
    Mounts.unmountDetached(disk);
  }

  private static TestImage noise(String label, int layers) {
    var blobs = new ArrayList<TestLayer.Blob>();
    for (long seed = 0; seed < layers; seed++) {
      blobs.add(layer(SIZE, seed));
    }
    return TestImage.of(label, blobs);
  }

  private static TestLayer.Blob layer(int size, long seed) {
    return new TestLayer().noise("f" + seed, size, seed).gzip();
  }

  private void refused(String reference) {
    assertThatThrownBy(() -> store.pull(reference))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DISK_FULL))
        .hasMessageContaining("no space is left on the file system " + disk + ", which has ");
  }

  private void nothingIsLeft() {
    for (var left : List.of("staging", "partial", "trash", "layers")) {
      assertThat(disk.resolve("root/images").resolve(left)).as(left).isEmptyDirectory();
    }
  }

  @Test
  void aPullThatFindsNoSpaceGivesBackWhatItTook() throws Exception {
    registry.image("large", "v1", noise("l", 20));
    registry.image("small", "v1", noise("s", 2));

    refused("reg.test/large:v1");

    nothingIsLeft();
    store.pull("reg.test/small:v1");
    refused("reg.test/large:v1");
  }

  /// Each time there is a page more, so that it ends at another step.
  @Test
  void whereverAPullFindsNoSpaceItSaysSo() throws Exception {
    registry.image("small", "v1", TestImage.of("s", List.of(layer(10_000, 1))));
    var filler = disk.resolve("filler");
    int refusals = 0;
    for (boolean pulled = false; !pulled; refusals += pulled ? 0 : 1) {
      Files.write(filler, new byte[(int) (free() - (long) refusals * PAGE)]);
      pulled = pulls();
      Files.delete(filler);
    }
    assertThat(refusals).isGreaterThan(5); // blob and tree alone take as many
  }

  private boolean pulls() throws Exception {
    try {
      store.pull("reg.test/small:v1");
      return true;
    } catch (ImageException e) {
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.DISK_FULL);
      nothingIsLeft();
      return false;
    }
  }

  private long free() throws IOException {
    return Files.getFileStore(disk).getUsableSpace();
  }
}
