// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.criollo.linux.IsalInflater;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What either inflater makes of the same bytes. Needs no privilege, but a machine with ISA-L, as
/// the test node is.
class InflationKernelTest {
  private static final int SEED = 20261122;
  private static final int[] STRATEGIES = {
    Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY
  };

  private final Random random = new Random(SEED);

  /// What came of a stream: its bytes, and how it ended.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Outcome(byte[] bytes, String end) {
    static Outcome of(Inflation inflation, InputStream in, int step) {
      var bytes = new ByteArrayOutputStream();
      try (var plain = inflation.gunzip(in)) {
        var buffer = new byte[step];
        for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
          bytes.write(buffer, 0, n);
        }
        return new Outcome(bytes.toByteArray(), "end");
      } catch (ZipException | EOFException fault) {
        return new Outcome(bytes.toByteArray(), fault.getClass().getSimpleName());
      } catch (IOException unexpected) {
        throw new AssertionError(unexpected);
      }
    }

    boolean isWhole() {
      return end.equals("end");
    }
  }

  /// Gives bytes in pieces, as a network does.
  private static final class Pieces extends InputStream {
    private final ByteArrayInputStream in;
    private final Random random;
    private final int longest;

    Pieces(byte[] bytes, Random random, int longest) {
      this.in = new ByteArrayInputStream(bytes);
      this.random = random;
      this.longest = longest;
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return in.read(into, offset, Math.min(length, 1 + random.nextInt(longest)));
    }

    @Override
    public int available() {
      return in.available();
    }
  }

  @BeforeEach
  void isThere() {
    assumeThat(IsalInflater.present()).isTrue();
  }

  private Outcome outcome(Inflation inflation, byte[] packed) {
    int longest = random.nextBoolean() ? 3 + random.nextInt(50) : 1 << 20;
    int step = random.nextBoolean() ? 1 + random.nextInt(5000) : 1 << 19;
    return Outcome.of(inflation, new Pieces(packed, random, longest), step);
  }

  private void comesOut(byte[] packed, byte[] plain) {
    for (var inflation : Inflation.values()) {
      var outcome = outcome(inflation, packed);
      assertThat(outcome.end()).as(inflation.name()).isEqualTo("end");
      assertThat(outcome.bytes()).as(inflation.name()).isEqualTo(plain);
    }
  }

  @Test
  void everyKindOfContentComesOutWhole() {
    for (int i = 0; i < 200; i++) {
      var plain = content(random.nextInt(1 << random.nextInt(20)));
      comesOut(member(plain, ""), plain);
    }
  }

  @Test
  void contentBeyondAllBuffersComesOutWhole() {
    var plain = content(8 << 20);
    comesOut(member(plain, ""), plain);
  }

  @Test
  void membersFollowEachOther() {
    for (int i = 0; i < 50; i++) {
      var first = content(random.nextInt(3000));
      var second = content(random.nextInt(100_000));
      var packed = joined(member(first, "n"), member(new byte[0], ""), member(second, "xnch"));
      comesOut(packed, joined(first, second));
    }
  }

  @Test
  void whatFollowsTheLastMemberIsLeftOut() {
    var plain = content(10_000);
    for (var rest : new String[] {"\0\0\0\0\0\0\0\0", "garbage", "\u001f", "\u001f\u008b", "x"}) {
      var packed =
          joined(member(plain, ""), rest.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      comesOut(packed, plain);
    }
  }

  @Test
  void everyTruncationIsFound() {
    var plain = content(2000);
    var packed = member(plain, "xnch");
    for (int length = 0; length < packed.length; length++) {
      for (var inflation : Inflation.values()) {
        var outcome = outcome(inflation, Arrays.copyOf(packed, length));
        assertThat(outcome.end()).as("%s of %d bytes", inflation, length).isEqualTo("EOFException");
        assertThat(outcome.bytes()).isEqualTo(Arrays.copyOf(plain, outcome.bytes().length));
      }
    }
  }

  /// ISA-L takes a few code tables that zlib refuses, but nothing whose checksum is wrong.
  @Test
  void damagedStreamsGiveTheirContentOrNone() {
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      var plain = content(random.nextInt(4000));
      var packed = damaged(member(plain, random.nextBoolean() ? "xnch" : ""));
      var zlib = outcome(Inflation.ZLIB, packed);
      var isal = outcome(Inflation.ISAL, packed);
      if (zlib.isWhole()) {
        assertThat(isal.end()).as("case %d", i).isEqualTo("end");
        assertThat(isal.bytes()).as("case %d", i).isEqualTo(zlib.bytes());
      } else if (isal.isWhole()) {
        assertThat(isal.bytes()).as("case %d: zlib %s", i, zlib.end()).isEqualTo(plain);
      }
      refused += isal.isWhole() ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(3000);
  }

  @Test
  void wrongChecksumsAreFound() {
    var packed = member(content(5000), "");
    for (int back = 1; back <= 8; back++) {
      var wrong = packed.clone();
      wrong[wrong.length - back] ^= 0x40;
      for (var inflation : Inflation.values()) {
        assertThat(outcome(inflation, wrong).end()).as(inflation.name()).isEqualTo("ZipException");
      }
    }
  }

  @Test
  void anEndlessStreamNeedsNoMoreMemory() throws IOException {
    var member = member(new byte[64 << 20], "");
    for (var inflation : Inflation.values()) {
      InputStream all = new ByteArrayInputStream(member);
      for (int i = 1; i < 4; i++) {
        all = new SequenceInputStream(all, new ByteArrayInputStream(member));
      }
      long length = 0;
      try (var plain = inflation.gunzip(new Chain(all))) {
        var buffer = new byte[1 << 17];
        for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
          length += n;
        }
      }
      assertThat(length).as(inflation.name()).isEqualTo(256L << 20);
    }
  }

  /// Has more until its end, as the stream of a blob says it has.
  private static final class Chain extends java.io.FilterInputStream {
    Chain(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }

  private byte[] damaged(byte[] packed) {
    var bytes = packed.clone();
    switch (random.nextInt(3)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        int from = random.nextInt(bytes.length);
        for (int i = from; i < Math.min(bytes.length, from + random.nextInt(20)); i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      default -> {
        int from = random.nextInt(bytes.length);
        var rest = Arrays.copyOfRange(bytes, from, bytes.length);
        System.arraycopy(rest, 0, bytes, Math.max(from - 1 - random.nextInt(9), 0), rest.length);
      }
    }
    return bytes;
  }

  /// Text, programs, noise and zeros, one after the other.
  private byte[] content(int length) {
    var bytes = new byte[length];
    for (int at = 0; at < length; ) {
      int step = Math.min(length - at, 1 + random.nextInt(70_000));
      int alphabet = 1 + random.nextInt(random.nextBoolean() ? 8 : 256);
      for (int i = at; i < at + step; i++) {
        bytes[i] = (byte) random.nextInt(alphabet);
      }
      int period = 1 + random.nextInt(40_000);
      if (random.nextBoolean()) {
        for (int i = at + period; i < at + step; i++) {
          bytes[i] = bytes[i - period];
        }
      }
      at += step;
    }
    return bytes;
  }

  /// {@return a gzip member (RFC 1952)}
  ///
  /// @param fields which optional ones its header has: `x` extra, `n` name, `c` comment, `h` CRC
  private byte[] member(byte[] plain, String fields) {
    var out = new ByteArrayOutputStream();
    int flags = fields.chars().map(c -> 1 << "thxnc".indexOf(c)).sum();
    out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if (fields.contains("x")) {
      out.writeBytes(new byte[] {5, 0, 'e', 'x', 1, 0, 'y'});
    }
    if (fields.contains("n")) {
      out.writeBytes(new byte[] {'n', 'a', 'm', 'e', 0});
    }
    if (fields.contains("c")) {
      out.writeBytes(new byte[] {'c', 0});
    }
    if (fields.contains("h")) {
      little(crc(out.toByteArray()), 2, out);
    }
    var deflater = new Deflater(random.nextInt(10), true);
    deflater.setStrategy(STRATEGIES[random.nextInt(STRATEGIES.length)]);
    deflater.setInput(plain);
    deflater.finish();
    var buffer = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    little(crc(plain), 4, out);
    little(plain.length, 4, out);
    return out.toByteArray();
  }

  private static long crc(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static void little(long value, int bytes, ByteArrayOutputStream out) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> (8 * i)));
    }
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
