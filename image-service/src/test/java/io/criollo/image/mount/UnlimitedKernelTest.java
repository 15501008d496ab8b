// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.QuotaDisk;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File systems that do not hold limits: which are told so, and what is counted there.
class UnlimitedKernelTest {
  private static final UpperLimit SMALL = new UpperLimit(1 << 20, 0);
  private static final String XFS = "mkfs.xfs -q -f";
  private static final String EXT4 = "mkfs.ext4 -q -F";
  private static final String EXT4_WITH_QUOTA = "mkfs.ext4 -q -F -O project,quota";

  @TempDir Path folder;

  private static void assertCannotLimit(Path path, String remedy) {
    assertThatThrownBy(() -> Projects.open(path, SMALL))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
        .hasMessageContaining(path + " does not enforce project quotas; " + remedy);
  }

  /// {@return whether the kernel knows what is in a directory that asks for no limit}
  private static boolean counts(Path path) throws IOException, ImageException {
    var projects = Projects.open(path, UpperLimit.NONE);
    var directory = Files.createDirectory(path.resolve("layer"));
    boolean given = projects.give(directory);
    assertThat(projects.usage(directory).isPresent()).isEqualTo(given);
    return given;
  }

  @Test
  void ext4WithoutTheFeaturesSaysHowToGetThem() throws Exception {
    try (var disk = QuotaDisk.mount(folder, EXT4, "loop")) {
      assertCannotLimit(disk.path(), "give it the features project and quota");
      assertThat(counts(disk.path())).isFalse();
    }
  }

  @Test
  void ext4WithTheFeaturesCountsButIsToBeMountedWithPrjquota() throws Exception {
    try (var disk = QuotaDisk.mount(folder, EXT4_WITH_QUOTA, "loop")) {
      assertCannotLimit(disk.path(), "mount it anew with prjquota");
      assertThat(counts(disk.path())).isTrue();
    }
  }

  @Test
  void xfsIsToBeMountedWithPrjquota() throws Exception {
    try (var disk = QuotaDisk.mount(folder, XFS, "loop")) {
      assertCannotLimit(disk.path(), "mount it anew with prjquota");
      assertThat(counts(disk.path())).isFalse();
    }
  }

  @Test
  void xfsThatDoesNotEnforceCounts() throws Exception {
    try (var disk = QuotaDisk.mount(folder, XFS, "loop,pqnoenforce")) {
      assertCannotLimit(disk.path(), "mount it anew with prjquota");
      assertThat(counts(disk.path())).isTrue();
    }
  }

  @Test
  void otherFileSystemsAreToBeReplaced() throws Exception {
    var memory = Files.createTempDirectory(Path.of("/dev/shm"), "unlimited");
    try {
      assertCannotLimit(memory, "XFS and ext4 do");
      assertThat(counts(memory)).isFalse();
    } finally {
      DirFd.removeTree(memory);
    }
  }
}
