// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Programs that the operator has OCI runtimes run at stages of containers' lives.
class HooksIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir private Path dir = Path.of("");
  private Path hooks = Path.of("");
  private Path calls = Path.of("");

  @BeforeEach
  void folderOfHooks() throws Exception {
    calls = dir.resolve("calls");
    hooks =
        Files.createDirectory(
            dir.resolve("hooks.d"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path program =
        Files.writeString(
            dir.resolve("program"),
            """
            #!/bin/sh
            cat >%1$s/$1.state
            echo $1 $STAGE >>%1$s/calls
            """
                .formatted(dir));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (var stage : new String[] {"createRuntime", "createContainer", "poststart", "poststop"}) {
      write(
          stage,
          program.toString(),
          "\"hook\", \"" + stage + "\"",
          "\"annotations\": {\"^hooked$\": \"^yes$\"}");
    }
    Path file =
        Files.writeString(
            dir.resolve("criollo.conf"), "[crio.runtime]\nhooks_dir = [\"" + hooks + "\"]\n");
    criollo.restart("--config=" + file);
  }

  private void write(String stage, String program, String args, String when) throws IOException {
    Path file =
        Files.writeString(
            hooks.resolve(stage + ".json"),
            """
            {"version": "1.0.0",
             "hook": {"path": "%s", "args": [%s], "env": ["STAGE=%s"], "timeout": 20},
             "when": {%s}, "stages": ["%s"]}
            """
                .formatted(program, args, stage, when, stage));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void theyRunAtEachStageOfTheContainersThatTheyAreFor() throws Exception {
    Pod pod = criollo.pod("hooks");
    String other = pod.createAndStart(Pod.container("other", TestImages.BUSYBOX, "sleep", "1000"));
    assertThat(calls).doesNotExist();
    String id =
        pod.create(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .putAnnotations("hooked", "yes"));
    assertThat(calls).doesNotExist();
    pod.start(id);
    assertThat(calls)
        .content()
        .isEqualTo(
            "createRuntime createRuntime\ncreateContainer createContainer\npoststart poststart\n");
    pod.stop(id, Duration.ZERO);
    pod.remove(id);
    pod.stop(other, Duration.ZERO);
    pod.stop();
    pod.remove(); // waits for what the removal of its containers left

    assertThat(calls).content().endsWith("\npoststart poststart\npoststop poststop\n");
    for (var stage : new String[] {"createRuntime", "createContainer", "poststart", "poststop"}) {
      assertThat(dir.resolve(stage + ".state")).content().contains("\"id\":\"" + id + "\"");
    }
  }

  /// It runs in the container, where the program has to be.
  @Test
  void aHookThatIsAddedWhileTheDaemonServesHoldsForTheNextContainer() throws Exception {
    write("startContainer", "/bin/touch", "\"touch\", \"/tmp/touched\"", "\"always\": true");
    Pod pod = criollo.pod("added");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.exec(id, "test", "-e", "/tmp/touched").getExitCode()).isZero();
  }

  @Test
  void aHookThatFailsKeepsItsContainerFromStarting() throws Exception {
    write("createRuntime", "/bin/false", "\"false\"", "\"always\": true");
    Pod pod = criollo.pod("failing");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    Statuses.assertRefused(Code.UNKNOWN, () -> pod.start(id), "hook");
    assertThat(pod.status(id).getReason()).isEqualTo("StartError");
    Files.delete(hooks.resolve("createRuntime.json"));
    pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));
  }

  /// The state that it is given is more than a pipe holds, and SIGPIPE ends crun.
  @Test
  void aHookThatReadsNothingEndsAtMostItsContainer() throws Exception {
    write("poststart", "/bin/false", "\"false\"", "\"always\": true");
    Pod pod = criollo.pod("deaf");
    String id = pod.create(withLongState());

    Statuses.assertRefused(Code.UNKNOWN, () -> pod.start(id), "hook");
    assertThat(pod.status(id).getReason()).isEqualTo("StartError");
    assertThat(ProcessHandle.allProcesses().map(each -> each.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains("314159"));
  }

  @Test
  void aHookThatReadsNothingIsNotInTheWayOfARemoval() throws Exception {
    write("poststop", "/bin/false", "\"false\"", "\"always\": true");
    Pod pod = criollo.pod("afterwards");
    String id = pod.createAndStart(withLongState());

    pod.remove(id);
    Statuses.assertRefused(Code.NOT_FOUND, () -> pod.status(id), id);
    pod.stop();
    pod.remove(); // waits for what the removal of its containers left
    Path runtimes = criollo.node().root().resolveSibling("run").resolve("runtime");
    try (Stream<Path> known = Files.walk(runtimes, 2)) {
      assertThat(known).isNotEmpty().noneMatch(path -> path.endsWith(id));
    }
  }

  private static ContainerConfig.Builder withLongState() {
    return Pod.container("a", TestImages.BUSYBOX, "sleep", "314159")
        .putAnnotations("long", "a".repeat(100_000));
  }
}
