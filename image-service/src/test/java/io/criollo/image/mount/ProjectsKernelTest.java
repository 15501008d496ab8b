// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.QuotaDisk;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Which ids writable layers get, on a file system with project quotas.
@ParameterizedClass
@EnumSource
class ProjectsKernelTest {
  private static final UpperLimit SMALL = new UpperLimit(1 << 20, 0);

  private final QuotaDisk.Type type;
  @TempDir Path folder;
  private QuotaDisk disk;

  ProjectsKernelTest(QuotaDisk.Type type) {
    this.type = type;
  }

  @BeforeEach
  void mount() throws Exception {
    disk = QuotaDisk.mount(folder, type);
  }

  @AfterEach
  void unmount() throws Exception {
    disk.close();
  }

  private Path made(Projects projects, String name) throws IOException {
    var directory = Files.createDirectory(disk.path().resolve(name));
    projects.give(directory);
    return directory;
  }

  /// {@return a directory that gets an id once one is free}: XFS takes back what was removed a
  /// moment later
  private Path soon(Projects projects) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    for (int i = 0; ; i++) {
      try {
        return made(projects, "try" + i);
      } catch (IOException e) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private static long id(Projects projects, Path directory) throws IOException {
    return projects.of(directory).orElseThrow();
  }

  @Test
  void noIdIsGivenTwiceUntilItIsGivenBack() throws Exception {
    var projects = Projects.open(disk.path(), SMALL, 3);
    var ids = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      ids.add(id(projects, made(projects, "d" + i)));
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThatThrownBy(() -> made(projects, "one-too-many"))
        .hasMessageContaining("all 3 project ids are in use");

    DirFd.removeTree(disk.path().resolve("d1"));
    projects.back(ids.get(1));
    assertThat(id(projects, soon(projects))).isEqualTo(ids.get(1));
  }

  @Test
  void theNextDaemonFindsWhichIdsAreTaken() throws Exception {
    var first = Projects.open(disk.path(), UpperLimit.NONE, 2);
    var before = made(first, "before");
    var second = Projects.open(disk.path(), UpperLimit.NONE, 2);
    second.found(before);
    second.found(disk.path().resolve("gone"));

    var after = made(second, "after");
    assertThat(id(second, after)).isNotEqualTo(id(second, before));
    assertThat(second.of(made(second, "without-an-id"))).isEmpty();
  }

  @Test
  void anIdWhoseDeletedFileIsStillOpenWaits() throws Exception {
    var projects = Projects.open(disk.path(), SMALL, 1);
    var directory = made(projects, "d");
    long id = id(projects, directory);
    try (var _ = Files.newOutputStream(directory.resolve("open"))) {
      DirFd.removeTree(directory);
      projects.back(id);
      assertThatThrownBy(() -> made(projects, "early")).hasMessageContaining("in use");
    }
    assertThat(id(projects, soon(projects))).isEqualTo(id);
  }
}
