// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "busybox:1.29-2, docker.io/library/busybox:1.29-2",
    "user/app, docker.io/user/app:latest",
    "docker.io/busybox, docker.io/library/busybox:latest",
    "index.docker.io/busybox, docker.io/library/busybox:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/a/b:t, localhost:5000/a/b:t",
    "registry.k8s.io/e2e-test-images/busybox:1.29-2, registry.k8s.io/e2e-test-images/busybox:1.29-2",
    "UPPER/app, UPPER/app:latest",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "a.b/c__d/e---f/g.h_i:T_.-1, a.b/c__d/e---f/g.h_i:T_.-1",
  })
  void namesAreFilledInAsDockerDoes(String written, String full) throws Exception {
    assertThat(ImageReference.parse(written)).hasToString(full);
  }

  @Test
  void digestTakesNoDefaultTag() throws Exception {
    var reference = ImageReference.parse("busybox@sha256:" + HEX);
    assertThat(reference).hasToString("docker.io/library/busybox@sha256:" + HEX);
    assertThat(reference.repoTag()).isEmpty();
    assertThat(reference.wanted()).isEqualTo("sha256:" + HEX);
  }

  @Test
  void digestWinsOverTag() throws Exception {
    var reference = ImageReference.parse("a.b/c:v1@sha256:" + HEX);
    assertThat(reference.tag()).contains("v1");
    assertThat(reference.repoTag()).isEmpty();
    assertThat(reference.wanted()).isEqualTo("sha256:" + HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "UPPER",
        "a:b:c",
        "a/",
        "/a",
        "a//b",
        "a:",
        "a:-x",
        "a@",
        "a@sha256:abc",
        "a@md5:00",
        "a@sha256:" + "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
        "a b",
        "a..b",
        "a___b",
        "-a",
        "a-",
        "a.b:99999/c",
        "a.b:x/c",
        "-a.b/c",
        "a.b/../c",
        "https://a.b/c",
        "a\nb",
        "a.b/C",
        "ä/b",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      })
  void wrongNamesAreRefused(String written) {
    assertThatThrownBy(() -> ImageReference.parse(written))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.INVALID_REFERENCE));
  }

  @Test
  void longNamesAreRefusedWithoutRepeatingThem() {
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(5 << 10)))
        .isInstanceOf(ImageException.class)
        .message()
        .hasSizeLessThan(400);
    assertThatThrownBy(() -> ImageReference.parse("a.b/" + "a".repeat(256)))
        .hasMessageContaining("longer than 255");
    assertThatThrownBy(() -> ImageReference.parse("a:" + "t".repeat(129)))
        .hasMessageContaining("a tag is");
  }

  @Test
  void randomTextIsRefusedOrReadsBackTheSame() throws Exception {
    var random = new Random(20261121);
    var alphabet = "ab09ABz.:/@-__[]%~ \0\n\u00e4sha256:" + HEX;
    var read = 0;
    for (int i = 0; i < 200_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (random.nextInt(4) == 0) {
        text.append("@sha256:").append(HEX);
      }
      try {
        var reference = ImageReference.parse(text.toString());
        assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
        assertThat(reference.name()).doesNotContain("..", "//", " ", "%");
        read++;
      } catch (ImageException e) {
        assertThat(e.kind()).isEqualTo(ImageException.Kind.INVALID_REFERENCE);
      }
    }
    assertThat(read).isGreaterThan(1000);
  }

  @Test
  void idsAreReadWithAndWithoutAlgorithm() throws Exception {
    assertThat(ImageId.parse(HEX)).isEqualTo(ImageId.parse("sha256:" + HEX));
    assertThat(ImageId.parse(HEX).digest()).isEqualTo("sha256:" + HEX);
    assertThatThrownBy(() -> ImageId.parse("../" + HEX)).isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> ImageId.parse("sha512:" + HEX + HEX))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void digestsTellWhetherContentIsTheirs() throws Exception {
    var digest = Digest.ofSha256("x".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(digest.matches(new byte[] {'x'})).isTrue();
    assertThat(digest.matches(new byte[] {'y'})).isFalse();
    var longer = Digest.parse("sha512:" + HEX + HEX);
    assertThat(longer.matches(new byte[] {'x'})).isFalse();
  }
}
