// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private String source(String name) {
    var input =
        Inputs.container(c ->
            c.addMountsBuilder()
                .setContainerPath("/a")
                .setHostPath(directory.resolve(name).toString()));
    return HostMounts.find(input).getFirst().source();
  }
}
