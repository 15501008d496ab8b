// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  /// Gives bytes in pieces of random length, then the end; counts how often it is asked.
  private static final class Source implements ByteChannel {
    private final ByteBuffer bytes;
    private final Random random;
    private final int longest;
    private int reads;

    private Source(byte[] bytes, int longest) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.random = new Random(7);
      this.longest = longest;
    }

    @Override
    public int read(ByteBuffer into) {
      reads++;
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count =
          Math.min(Math.min(into.remaining(), bytes.remaining()), 1 + random.nextInt(longest));
      into.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void allBytesComeInOrderWhateverIsAskedFor() throws IOException {
    for (int longest : new int[] {1, 100, 10_000, 1 << 20}) {
      var random = new Random(longest);
      var bytes = new byte[longest == 1 ? 5_000 : 500_000];
      random.nextBytes(bytes);
      var channel = new ReadAhead(new Source(bytes, longest));
      var got = new ByteArrayOutputStream();
      for (int count = 0; count >= 0; ) {
        var into = ByteBuffer.allocate(1 + random.nextInt(100_000));
        count = channel.read(into);
        got.write(into.array(), 0, Math.max(count, 0));
      }
      assertThat(got.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void smallReadsAreFewSystemCalls() throws IOException {
    var source = new Source(new byte[1 << 20], 1 << 20);
    var channel = new ReadAhead(source);
    var five = ByteBuffer.allocate(5);
    for (int i = 0; i < 200_000; i++) {
      assertThat(channel.read(five.clear())).isPositive();
    }
    assertThat(source.reads).isLessThan(200);
  }

  @Test
  void nothingIsReadForAnEmptyBuffer() throws IOException {
    var source = new Source(new byte[1], 1);
    assertThat(new ReadAhead(source).read(ByteBuffer.allocate(0))).isZero();
    assertThat(source.reads).isZero();
  }
}
