// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.registry.Secret.Identity;
import io.criollo.image.registry.Secret.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthFileTest {
  @TempDir Path folder;

  private AuthFile file(String json) throws Exception {
    var file = Files.writeString(folder.resolve("auth.json"), json);
    var environment = Map.of("AWS_REGION", "eu-south-1", "NOTIFY_SOCKET", "/run/notify");
    return AuthFile.read(file, new CredentialHelper(folder + ":/bin:/usr/bin", environment));
  }

  private void helper(String name, String script) throws IOException {
    var file = folder.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static ImageReference image(String name) throws ImageException {
    return ImageReference.parse(name);
  }

  @Test
  void aHelperOfTheRegistryIsAskedFirst() throws Exception {
    helper(
        "one",
        "read server; echo \"{\\\"Username\\\":\\\"u\\\",\\\"Secret\\\":\\\"$server $1\\\"}\"");
    var file =
        file(
            """
            {"credHelpers": {"reg.test": "one"},
             "auths": {"reg.test": {"username": "file", "password": "file"},
                       "other.test": {"username": "file", "password": "file"}}}
            """);
    assertThat(file.find(image("reg.test/a:1"))).contains(new Password("u", "reg.test get"));
    assertThat(file.find(image("other.test/a:1"))).contains(new Password("file", "file"));
  }

  @Test
  void theHelperForAllComesLast() throws Exception {
    helper("all", "read s; echo \"{\\\"Username\\\":\\\"<token>\\\",\\\"Secret\\\":\\\"$s\\\"}\"");
    var file =
        file(
            """
            {"credsStore": "all", "auths": {"reg.test": {"username": "file", "password": "file"}}}
            """);
    assertThat(file.find(image("reg.test/a:1"))).contains(new Password("file", "file"));
    assertThat(file.find(image("x.test:5000/a:1"))).contains(new Identity("x.test:5000"));
    assertThat(file.find(image("docker.io/library/a:1")))
        .contains(new Identity("https://index.docker.io/v1/"));
  }

  @Test
  void aHelperThatKnowsNothingIsNoError() throws Exception {
    helper("none", "echo credentials not found in native keychain; exit 1");
    assertThat(file("{\"credsStore\": \"none\"}").find(image("reg.test/a:1"))).isEmpty();
  }

  @Test
  void aHelperHasTheDaemonsEnvironment() throws Exception {
    helper(
        "env",
        "echo \"{\\\"Secret\\\":\\\"$AWS_REGION $HOME ${PATH%%:*} ${NOTIFY_SOCKET-none}\\\"}\"");

    assertThat(file("{\"credsStore\": \"env\"}").find(image("reg.test/a:1")))
        .contains(new Password("", "eu-south-1 /root " + folder + " none"));
  }

  @Test
  void whatAHelperSaysOfItsFailureIsInTheLogOnly() throws Exception {
    helper(
        "says",
        "printf 'no role\\nfor this \\033[1mnode\\n' >&2; head -c 9000 /dev/zero | tr '\\0' x >&2; exit 1");
    var says = file("{\"credsStore\": \"says\"}");
    try (var warnings = Warnings.of(CredentialHelper.class)) {
      assertThatThrownBy(() -> says.find(image("reg.test/a:1")))
          .isInstanceOf(ImageException.class)
          .hasMessageNotContaining("role");
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .contains("docker-credential-says for reg.test says: no role for this [1mnode x")
          .hasSizeLessThan(700)
          .doesNotContain("\n");
    }
  }

  @Test
  void aHelperThatFailsIsNamedWithoutWhatItSaid() throws Exception {
    helper("bad", "echo password=hunter2; exit 3");
    var bad = file("{\"credsStore\": \"bad\"}");
    assertThatThrownBy(() -> bad.find(image("reg.test/a:1")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("docker-credential-bad failed for reg.test with exit code 3")
        .hasMessageNotContaining("hunter2");
    var missing = file("{\"credsStore\": \"missing\"}");
    assertThatThrownBy(() -> missing.find(image("reg.test/a:1")))
        .hasMessageContaining("is in no folder of PATH");
    var path = file("{\"credsStore\": \"../../bin/sh\"}");
    assertThatThrownBy(() -> path.find(image("reg.test/a:1")))
        .hasMessageContaining("no valid name");
  }
}
