// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookFoldersTest {
  private static final HookSubject PLAIN = new HookSubject("/bin/sleep", Map.of(), false);

  @TempDir private Path dir = Path.of("");
  private Path first = Path.of("");
  private Path second = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    first = folder("first");
    second = folder("second");
  }

  private Path folder(String name) throws IOException {
    var folder = Files.createDirectory(dir.resolve(name));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private static void hook(Path folder, String name, String program, String when)
      throws IOException {
    write(
        folder,
        name,
        """
        {"version": "1.0.0", "hook": {"path": "%s"}, "when": %s, "stages": ["poststop"]}
        """
            .formatted(program, when));
  }

  private HookFile only(String when) throws IOException {
    hook(first, "x.json", "/bin/sh", when);
    return HookFolders.open(List.of(first)).current().getFirst();
  }

  private static HookSubject annotated(String key, String value) {
    return new HookSubject("/bin/sleep", Map.of("other", "1", key, value), false);
  }

  @Test
  void filesOfAllFoldersAreSortedByNameAndALaterOneReplacesItsNamesake() throws IOException {
    hook(first, "b.json", "/bin/sh", "{\"always\": true}");
    hook(first, "C.json", "/bin/cat", "{\"always\": true}");
    hook(second, "b.json", "/bin/ls", "{\"always\": true}");
    hook(second, "a.json", "/bin/true", "{\"always\": true}");
    write(second, "README", "no hook");

    var hooks = HookFolders.open(List.of(first, second, dir.resolve("absent"))).current();

    assertThat(hooks)
        .extracting(file -> file.program().path())
        .containsExactly("/bin/true", "/bin/ls", "/bin/cat");
  }

  @Test
  void allThatAFileSaysOfItsProgramIsTakenOver() throws IOException {
    write(
        first,
        "x.json",
        """
        {"version": "1.0.0", "comment": "ours",
         "hook": {"path": "/bin/sh", "args": ["sh", "-c", "true"], "env": ["A=1"], "timeout": 7},
         "when": {"always": true}, "stages": ["prestart", "createRuntime", "createContainer",
          "startContainer", "poststart", "poststop"]}
        """);

    var file = HookFolders.open(List.of(first)).current().getFirst();

    assertThat(file.program())
        .isEqualTo(new HookProgram("/bin/sh", List.of("sh", "-c", "true"), List.of("A=1"), 7));
    assertThat(file.stages()).hasSize(6);
  }

  @Test
  void allConditionsThatAreGivenMustHold() throws IOException {
    assertThat(only("{\"always\": true}").isFor(PLAIN)).isTrue();
    assertThat(only("{\"always\": false}").isFor(PLAIN)).isFalse();
    assertThat(only("{}").isFor(PLAIN)).isFalse();

    var commands = only("{\"commands\": [\"^/bin/cat$\", \"sle+p\"]}");
    assertThat(commands.isFor(PLAIN)).isTrue();
    assertThat(commands.isFor(new HookSubject("/bin/cats", Map.of(), false))).isFalse();

    var mounts = only("{\"hasBindMounts\": true}");
    assertThat(mounts.isFor(PLAIN)).isFalse();
    assertThat(mounts.isFor(new HookSubject("/bin/sleep", Map.of(), true))).isTrue();
    assertThat(only("{\"always\": true, \"hasBindMounts\": true}").isFor(PLAIN)).isFalse();

    var annotations = only("{\"annotations\": {\"^gpu$\": \"^(yes|[[:digit:]]+)$\"}}");
    assertThat(annotations.isFor(PLAIN)).isFalse();
    assertThat(annotations.isFor(annotated("gpu", "12"))).isTrue();
    assertThat(annotations.isFor(annotated("gpu", "no"))).isFalse();
    assertThat(annotations.isFor(annotated("gpus", "yes"))).isFalse();
    assertThat(
            only("{\"annotations\": {\"gpu\": \"1\", \"x\": \"1\"}}").isFor(annotated("gpu", "1")))
        .isFalse();
  }

  @Test
  void anExpressionTakesLinearTimeWhateverAPodHasInItsAnnotations() throws IOException {
    var file = only("{\"annotations\": {\"a\": \"^(a+)+$\"}}");

    assertThat(file.isFor(annotated("a", "a".repeat(200_000) + "!"))).isFalse();
  }

  @Test
  void inTheOldVersionOneConditionIsEnough() throws IOException {
    write(
        first,
        "x.json",
        """
        {"hook": "/bin/sh", "arguments": ["-c", "true"], "stage": ["prestart"],
         "cmd": [".*/cat"], "annotation": ["^yes$", "^1$"], "hasbindmounts": true}
        """);

    var file = HookFolders.open(List.of(first)).current().getFirst();

    assertThat(file.program().args()).containsExactly("/bin/sh", "-c", "true");
    assertThat(file.stages()).containsExactly("prestart");
    assertThat(file.isFor(PLAIN)).isFalse();
    assertThat(file.isFor(annotated("any", "yes"))).isTrue();
    assertThat(file.isFor(new HookSubject("/bin/cat", Map.of(), false))).isTrue();
    assertThat(file.isFor(new HookSubject("/bin/sleep", Map.of(), true))).isTrue();
  }

  @Test
  void allFilesThatCannotBeUsedAreNamedAtTheStart() throws IOException {
    write(first, "a.json", "{");
    write(first, "b.json", "{\"version\": \"2.0.0\"}");
    write(first, "c.json", "{\"version\": \"1.0.0\", \"stages\": []}");
    hook(first, "d.json", "/bin/sh", "{\"commands\": [\"(\"]}");
    hook(first, "e.json", "bin/sh", "{\"always\": true}");
    write(first, "f.json", "{\"version\": \"1.0.0\", \"hook\": {\"path\": \"/bin/sh\"}}");
    write(
        first,
        "g.json",
        "{\"version\": \"1.0.0\", \"hook\": {\"path\": \"/bin/sh\"}, \"stages\": [\"later\"]}");

    assertThatThrownBy(() -> HookFolders.open(List.of(first)))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "a.json: ",
            "b.json: version 2.0.0 must be 1.0.0",
            "c.json: hook is missing",
            "d.json: commands ( is no regular expression: missing closing )",
            "e.json: hook.path bin/sh must be an absolute path",
            "f.json: stages are missing",
            "g.json: stage later is none of");
  }

  @Test
  void whatOthersThanRootCouldHaveWrittenIsNotTaken() throws IOException {
    hook(first, "a.json", "/bin/sh", "{\"always\": true}");
    Files.setPosixFilePermissions(
        first.resolve("a.json"), PosixFilePermissions.fromString("rw-r--rw-"));
    hook(second, "b.json", "/bin/sh", "{\"always\": true}");
    Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("rwxrwxr-x"));

    assertThatThrownBy(() -> HookFolders.open(List.of(first, second)))
        .hasMessageContainingAll("a.json: it and its folder must be root's", "b.json: it");
  }

  @Test
  void changesAreSeenAndAFileThatBreaksLaterIsLeftOut() throws IOException {
    hook(first, "a.json", "/bin/sh", "{\"always\": true}");
    var folders = HookFolders.open(List.of(first, second));
    var before = folders.current();

    assertThat(folders.current()).isSameAs(before);
    hook(second, "b.json", "/bin/sh", "{\"always\": true}");
    assertThat(folders.current()).hasSize(2);
    write(first, "a.json", "broken");
    assertThat(folders.current())
        .extracting(file -> file.path())
        .containsExactly(second.resolve("b.json"));
    Files.delete(second.resolve("b.json"));
    assertThat(folders.current()).isEmpty();
  }

  @Test
  void aHookWhoseProgramComesLaterHoldsFromThenOn() throws IOException {
    var program = dir.resolve("program");
    hook(first, "a.json", program.toString(), "{\"always\": true}");
    var folders = HookFolders.open(List.of(first));

    assertThat(folders.current()).isEmpty();
    Files.createFile(program);
    assertThat(folders.current()).hasSize(1);
  }

  @Test
  void randomBytesAreRefusedInOneLine() throws IOException {
    var random = new Random(7);
    var good =
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/bin/sh\"},\"when\":{\"commands\":[\"a\"]},\"stages\":[\"poststop\"]}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3000; i++) {
      var bytes = good.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var file = Files.write(first.resolve("x.json"), bytes);
      try {
        assertThat(HookFile.read(file).program().path()).startsWith("/");
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n\tat ");
      }
    }
  }
}
