// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DownloadRateTest {
  private static final byte[] BYTES = new byte[200_000];

  static {
    new Random(1).nextBytes(BYTES);
  }

  private static byte[] all(DownloadRate rate) {
    try (var in = rate.limit(new ByteArrayInputStream(BYTES))) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void downloadsTogetherStayBelowTheRate() {
    var rate = new DownloadRate(1_000_000);
    var begin = System.nanoTime();
    var other = CompletableFuture.supplyAsync(() -> all(rate));

    assertThat(all(rate)).isEqualTo(BYTES);
    assertThat(other.join()).isEqualTo(BYTES);
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(400_000_000);
  }

  @Test
  void withoutALimitNothingStandsBetween() {
    var source = new ByteArrayInputStream(BYTES);
    assertThat(new DownloadRate(0).limit(source)).isSameAs(source);
  }

  @Test
  void aSmallRateIsReadInSmallPieces() throws Exception {
    try (InputStream in = new DownloadRate(1000).limit(new ByteArrayInputStream(BYTES))) {
      assertThat(in.read(new byte[1 << 20])).isEqualTo(50);
    }
  }

  @Test
  void aPullThatIsCancelledDoesNotWait() throws Exception {
    try (InputStream in = new DownloadRate(1).limit(new ByteArrayInputStream(BYTES))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(in::read).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
