// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);
  private static final String OTHER = "@sha256:" + "f".repeat(64);

  private static boolean accepts(Identity identity, String wanted, String signed)
      throws ImageException {
    return identity.accepts(ImageReference.parse(wanted).byDigestOrTag(), signed);
  }

  @Test
  void theVeryNameIsThatWithTagOrDigest() throws ImageException {
    var exact = new Identity.Exact();
    assertThat(accepts(exact, "a.example/x:1", "a.example/x:1")).isTrue();
    assertThat(accepts(exact, "busybox", "busybox:latest")).isTrue();
    assertThat(accepts(exact, "a.example/x" + DIGEST, "a.example/x" + DIGEST)).isTrue();
    assertThat(accepts(exact, "a.example/x:latest", "a.example/x")).isFalse();
    assertThat(accepts(exact, "a.example/x:1", "a.example/x:2")).isFalse();
    assertThat(accepts(exact, "a.example/x" + DIGEST, "a.example/x:1")).isFalse();
    assertThat(accepts(exact, "a.example/x:1", "not a name")).isFalse();
  }

  @Test
  void aDigestNeedsTheRepositoryOnly() throws ImageException {
    var usual = new Identity.RepositoryDigestOrExact();
    assertThat(accepts(usual, "a.example/x" + DIGEST, "a.example/x:1")).isTrue();
    assertThat(accepts(usual, "a.example/x:7" + DIGEST, "a.example/x:1")).isTrue();
    assertThat(accepts(usual, "a.example/x" + DIGEST, "a.example/x" + OTHER)).isTrue();
    assertThat(accepts(usual, "a.example/x" + DIGEST, "a.example/x")).isFalse();
    assertThat(accepts(usual, "a.example/x" + DIGEST, "a.example/y:1")).isFalse();
    assertThat(accepts(usual, "a.example/x:1", "a.example/x:1")).isTrue();
    assertThat(accepts(usual, "a.example/x:1", "a.example/x:2")).isFalse();
  }

  @Test
  void repositoriesAndCertainNamesAreCompared() throws ImageException {
    assertThat(accepts(new Identity.Repository(), "a.example/x:1", "a.example/x:2")).isTrue();
    assertThat(accepts(new Identity.Repository(), "a.example/x:1", "a.example/xy:1")).isFalse();
    var reference = new Identity.ExactReference("b.example/y:1");
    assertThat(accepts(reference, "a.example/x:1", "b.example/y:1")).isTrue();
    assertThat(accepts(reference, "a.example/x:1", "a.example/x:1")).isFalse();
    var repository = new Identity.ExactRepository("b.example/y");
    assertThat(accepts(repository, "a.example/x:1", "b.example/y:3")).isTrue();
    assertThat(accepts(repository, "a.example/x:1", "b.example/z:3")).isFalse();
  }

  @Test
  void namesBelowAPrefixAreMoved() throws ImageException {
    var moved = new Identity.Remapped("mirror.local/vendor", "vendor.example");
    assertThat(accepts(moved, "mirror.local/vendor/x:1", "vendor.example/x:1")).isTrue();
    assertThat(accepts(moved, "mirror.local/vendor/x" + DIGEST, "vendor.example/x:9")).isTrue();
    assertThat(accepts(moved, "mirror.local/vendors/x:1", "vendor.example/x:1")).isFalse();
    assertThat(accepts(moved, "other.example/x:1", "other.example/x:1")).isTrue();
  }
}
