// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeTraitsTest {
  private static final String RECURSIVE = "echo '{\"mountOptions\": [\"rro\"]}'";

  @TempDir private Path dir = Path.of("");

  private OciRuntime runtime(String script) throws IOException {
    Path program = dir.resolve("runtime");
    Files.writeString(program, "#!/bin/sh\necho \"$*\" >>" + dir + "/calls\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new OciRuntime(new OciRuntimeSettings("some", program, dir.resolve("root"), false));
  }

  @Test
  void itIsAskedOnceAndAgainWhenItsBinaryHasChanged() throws Exception {
    var traits = new RuntimeTraits();
    var runtime = runtime(RECURSIVE);

    assertThat(traits.features(runtime)).containsExactly(Feature.RECURSIVE_READ_ONLY);
    assertThat(traits.sandboxes(runtime)).isFalse();
    assertThat(traits.features(runtime)).hasSize(1);
    assertThat(Files.readAllLines(dir.resolve("calls"))).hasSize(1);

    var changed = runtime("echo '{}'");
    Files.setLastModifiedTime(dir.resolve("runtime"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(traits.features(changed)).isEmpty();
  }

  @Test
  void gVisorIsKnownByItsFeaturesOrItsVersion() throws Exception {
    assertThat(
            new RuntimeTraits().sandboxes(runtime("echo '{\"annotations\":{\"dev.gvisor.\":1}}'")))
        .isTrue();
    var older = "[ \"$1\" = --version ] && echo 'runsc version release-20230801.0' && exit; exit 1";
    assertThat(new RuntimeTraits().sandboxes(runtime(older))).isTrue();
    var other = "[ \"$1\" = --version ] && echo 'youki version 0.5' && exit; exit 1";
    assertThat(new RuntimeTraits().sandboxes(runtime(other))).isFalse();
  }

  @Test
  void katasContainersHaveProcessesOfTheNode() throws Exception {
    var kata = "[ \"$1\" = --version ] && echo 'kata-runtime  : 1.13' && exit; exit 1";
    var traits = new RuntimeTraits();
    assertThat(traits.sandboxes(runtime(kata))).isTrue();
    assertThat(traits.waits(runtime(kata))).isFalse();
  }

  @Test
  void whoCannotAnswerIsAskedAgain() throws Exception {
    var traits = new RuntimeTraits();
    assertThat(traits.waits(runtime("exit 1"))).isFalse();
    var older = "[ \"$1\" = --version ] && echo 'runsc version release-20230801.0' && exit; exit 1";
    assertThat(traits.waits(runtime(older))).isTrue();
  }

  @Test
  void whatHadSandboxesHasThemWhileItsBinaryIsReplaced() throws Exception {
    var traits = new RuntimeTraits();
    var runtime = runtime("echo '{\"annotations\":{\"dev.gvisor.\":1}}'");
    assertThat(traits.sandboxes(runtime)).isTrue();

    Files.delete(dir.resolve("runtime"));

    assertThat(traits.features(runtime)).isEmpty();
    assertThat(traits.sandboxes(runtime)).isTrue();
  }
}
