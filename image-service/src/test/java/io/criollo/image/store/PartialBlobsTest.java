// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialBlobsTest {
  private static final byte[] BYTES = new byte[200_000];

  static {
    new Random(1).nextBytes(BYTES);
  }

  private static final Digest DIGEST = Digest.ofSha256(BYTES);

  @TempDir Path folder;
  private PartialBlobs partials;

  @BeforeEach
  void open() throws IOException {
    partials = PartialBlobs.open(folder);
  }

  private static InputStream from(int offset) {
    return new ByteArrayInputStream(BYTES, offset, BYTES.length - offset);
  }

  private static InputStream nothing() {
    return InputStream.nullInputStream();
  }

  @Test
  void whatWasReadIsReadAgainWithoutItsSource() throws Exception {
    try (var blob = partials.claim(DIGEST)) {
      assertThat(blob.followedBy(from(0)).readNBytes(70_000)).hasSize(70_000);
    }
    partials = PartialBlobs.open(folder);
    try (var blob = partials.claim(DIGEST)) {
      assertThat(blob.length()).isEqualTo(70_000);
      assertThat(blob.inherited()).isEqualTo(70_000);
      assertThat(blob.followedBy(from(70_000)).readAllBytes()).isEqualTo(BYTES);
      assertThat(blob.followedBy(nothing()).readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void discardedBytesAreGone() throws Exception {
    try (var blob = partials.claim(DIGEST)) {
      blob.followedBy(from(0)).readNBytes(1000);
      blob.discard();
      assertThat(blob.followedBy(from(0)).readAllBytes()).isEqualTo(BYTES);
    }
  }

  @Test
  void onlyBlobsInUseOutliveASweepOfAll() throws Exception {
    try (var blob = partials.claim(DIGEST)) {
      blob.followedBy(from(0)).readNBytes(1000);
      partials.sweep();
      assertThat(blob.followedBy(from(1000)).readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(folder.resolve("partial")).isNotEmptyDirectory();
    partials.sweep();
    assertThat(folder.resolve("partial")).isEmptyDirectory();
  }

  @Test
  void aUsedBlobGoesUnlessAnotherWaitsForIt() throws Exception {
    var seen = new CompletableFuture<Long>();
    Thread waiting;
    try (var blob = partials.claim(DIGEST)) {
      blob.followedBy(from(0)).readAllBytes();
      waiting =
          Thread.ofPlatform()
              .start(() -> {
                try (var same = partials.claim(DIGEST)) {
                  seen.complete(same.length());
                  same.used();
                } catch (IOException | InterruptedException e) {
                  seen.completeExceptionally(e);
                }
              });
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      blob.used();
    }
    assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(BYTES.length);
    waiting.join();
    assertThat(folder.resolve("partial")).isEmptyDirectory();
  }

  @Test
  void onlyOldFilesThatNobodyUsesAreSwept() throws Exception {
    try (var blob = partials.claim(DIGEST)) {
      blob.followedBy(from(0)).readNBytes(1000);
      partials.sweep(Duration.ZERO);
      assertThat(folder.resolve("partial")).isNotEmptyDirectory();
    }
    partials.sweep(Duration.ofHours(1));
    assertThat(folder.resolve("partial")).isNotEmptyDirectory();
    partials.sweep(Duration.ofSeconds(-1));
    assertThat(folder.resolve("partial")).isEmptyDirectory();
  }

  @Test
  void anInterruptedReaderStops() throws Exception {
    try (var blob = partials.claim(DIGEST)) {
      var body = blob.followedBy(from(0));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> body.read(new byte[10])).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
