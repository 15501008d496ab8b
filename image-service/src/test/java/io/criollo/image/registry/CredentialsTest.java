// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  @TempDir Path folder;

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Secret> secret(String user, String password, String auth)
      throws ImageException {
    return Secret.of(new Credentials(user, password, auth, "", "", ""));
  }

  @Test
  void bothFormsOfAPasswordAreTaken() throws Exception {
    var wanted = Optional.of(new Secret.Password("u", "p:q"));
    assertThat(secret("u", "p:q", "")).isEqualTo(wanted);
    assertThat(secret("", "", base64("u:p:q"))).isEqualTo(wanted);
    assertThat(secret("", "", base64("u:p:q\0\0"))).isEqualTo(wanted);
    assertThat(secret("u", "p:q", base64("u:p:q"))).isEqualTo(wanted);
    assertThat(secret("", "", "")).isEmpty();
  }

  @Test
  void wrongCredentialsAreRefusedWithoutShowingThem() {
    for (var wrong :
        new String[][] {
          {"", "", "!!hunter2"},
          {"", "", base64("hunter2")},
          {"u", "hunter2\n", ""},
          {"u", "hunter2", base64("u:other")},
        }) {
      assertThatThrownBy(() -> secret(wrong[0], wrong[1], wrong[2]))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.INVALID_CREDENTIALS))
          .message()
          .doesNotContain("hunter2");
    }
    assertThat(Credentials.ofPassword("u", "hunter2").toString()).doesNotContain("hunter2");
    assertThat(new Secret.Password("u", "hunter2").toString()).doesNotContain("hunter2");
  }

  @Test
  void mostSpecificEntryOfAnAuthFileIsTaken() throws Exception {
    var file = folder.resolve("auth.json");
    Files.writeString(
        file,
        """
        {"auths":{"r.example":{"auth":"%s"},"r.example/team":{"username":"t","password":"t"},
         "https://index.docker.io/v1/":{"identitytoken":"idt"},"r.example/bad":{"auth":"x"}}}\
        """
            .formatted(base64("r:r")));
    var auth = AuthFile.read(file);
    assertThat(auth.find(ImageReference.parse("r.example/x")))
        .contains(new Secret.Password("r", "r"));
    assertThat(auth.find(ImageReference.parse("r.example/team/x")))
        .contains(new Secret.Password("t", "t"));
    assertThat(auth.find(ImageReference.parse("busybox"))).contains(new Secret.Identity("idt"));
    assertThat(auth.find(ImageReference.parse("q.example/x"))).isEmpty();
    assertThatThrownBy(() -> auth.find(ImageReference.parse("r.example/bad/x")))
        .hasMessageContaining("r.example/bad");
    assertThat(AuthFile.read(folder.resolve("none")).find(ImageReference.parse("a"))).isEmpty();
  }

  @Test
  void brokenAuthFileIsNotQuoted() throws Exception {
    var file = folder.resolve("auth.json");
    Files.writeString(file, "{\"auths\": {\"x\": hunter2");
    assertThatThrownBy(() -> AuthFile.read(file)).message().doesNotContain("hunter2");
  }

  @Test
  void challengesAreRead() {
    var found =
        Challenge.parse(
            "Basic realm=\"a\\\"b, c\", Bearer realm=\"https://t/x\",service=reg , scope=\"repository:a:pull\"");
    assertThat(found).extracting(Challenge::scheme).containsExactly("basic", "bearer");
    assertThat(found.get(0).parameter("realm")).isEqualTo("a\"b, c");
    assertThat(found.get(1).parameter("service")).isEqualTo("reg");
    assertThat(found.get(1).parameter("scope")).isEqualTo("repository:a:pull");
    assertThat(Challenge.parse("")).isEmpty();
    assertThat(Challenge.parse("x".repeat(9000))).isEmpty();
  }

  @Test
  void anyChallengeIsRead() {
    var random = new Random(20261121);
    for (int i = 0; i < 100_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append("Bearer realm=\",\\ \t\0ä".charAt(random.nextInt(20)));
      }
      for (var challenge : Challenge.parse(text.toString())) {
        assertThat(challenge.scheme()).isNotEmpty();
      }
    }
  }
}
