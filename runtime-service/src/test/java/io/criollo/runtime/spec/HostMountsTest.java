// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMountsTest {
  @TempDir private Path directory;

  @Test
  void linksOfTheSourceAreFollowed() throws IOException {
    var data = Files.createDirectories(directory.resolve("real/data"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
    assertThat(source("link/data")).isEqualTo(data.toRealPath().toString());
  }

  @Test
  void missingSourceIsMadeForEverybodyToRead() throws IOException {
    source("new/below");
    for (var made : new String[] {"new", "new/below"}) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(made))))
          .isEqualTo("rwxr-xr-x");
    }
  }

  @Test
  void severalMayMakeTheSameSourceAtOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      var name = i + "/a/b/c";
      var together = new CyclicBarrier(3);
      var tasks = new ArrayList<FutureTask<String>>();
      for (int j = 0; j < 3; j++) {
        var task =
            new FutureTask<>(() -> {
              together.await();
              return source(name);
            });
        Thread.ofPlatform().start(task);
        tasks.add(task);
      }
      for (var task : tasks) {
        assertThat(task.get()).isEqualTo(directory.resolve(name).toRealPath().toString());
      }
    }
  }

  @Test
  void linkToNowhereAndLoopAreRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
    Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));
    Files.writeString(directory.resolve("file"), "");
    for (var name : new String[] {"dangling", "loop", "file/below"}) {
      assertThatThrownBy(() -> source(name))
          .isInstanceOf(Refusal.FailedPrecondition.class)
          .hasMessageContaining(name);
    }
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void badRequestMakesNothing() {
    var input =
        Inputs.container(c -> {
          c.addMountsBuilder()
              .setContainerPath("/a")
              .setHostPath(directory.resolve("x").toString());
          c.getLinuxBuilder().getResourcesBuilder().setCpuShares(1);
        });
    assertThatThrownBy(() -> SpecBuilder.build(input)).isInstanceOf(Refusal.InvalidArgument.class);
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void withAPrefixPathsAreThoseOfTheNodeBelowIt() throws IOException {
    var node = Files.createDirectories(directory.resolve("node"));
    var data = Files.createDirectories(node.resolve("var/data"));
    Files.createSymbolicLink(node.resolve("link"), Path.of("/var/data"));
    Files.createSymbolicLink(node.resolve("up"), Path.of("../../../../../.."));

    assertThat(prefixed(node, "/var/data")).isEqualTo(data.toRealPath().toString());
    assertThat(prefixed(node, "/link")).isEqualTo(data.toRealPath().toString());
    assertThat(prefixed(node, "/up")).isEqualTo(node.toRealPath().toString());
    assertThat(prefixed(node, "/new/below"))
        .isEqualTo(node.resolve("new/below").toRealPath().toString());
    var image = Files.createDirectories(directory.resolve("container/images/0"));
    assertThat(prefixed(node, image.toString())).isEqualTo(image.toRealPath().toString());
  }

  private String prefixed(Path prefix, String path) {
    var files =
        new ContainerDefaults.Files(
            VolumeMode.MKDIR, false, List.of(), Optional.empty(), List.of(), Optional.of(prefix));
    var input =
        Inputs.container(c -> c.addMountsBuilder().setContainerPath("/a").setHostPath(path));
    var paths =
        new PodPaths(
            input.paths().namespaces(),
            input.paths().shm(),
            input.paths().resolvConf(),
            input.paths().hostname(),
            input.paths().cgroupPath(),
            directory.resolve("container/rootfs"),
            directory.resolve("container/volumes"),
            Optional.empty());
    return HostMounts.find(
            Inputs.withDefaults(
                Inputs.withPaths(input, paths), ContainerDefaults.USUAL.with(files)))
        .getFirst()
        .source();
  }

  private String source(String name) {
    var input =
        Inputs.container(c ->
            c.addMountsBuilder()
                .setContainerPath("/a")
                .setHostPath(directory.resolve(name).toString()));
    return HostMounts.find(input).getFirst().source();
  }
}
