// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.Stream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CriLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:34:56.000000789Z");
  private static final String OUT = "2026-11-21T12:34:56.000000789Z stdout ";

  private static String format(Stream stream, String raw, Random chunks) {
    return format(stream, raw, chunks, 9000, ByteBuffer.allocateDirect(24 << 10));
  }

  private static String format(
      Stream stream, String raw, Random chunks, int longest, ByteBuffer out) {
    var lines = new CriLines();
    var in = ByteBuffer.allocateDirect(256 << 10);
    var text = new StringBuilder();
    byte[] bytes = raw.getBytes(ISO_8859_1);
    lines.begin(stream, NOW);
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(in.remaining(), Math.min(bytes.length - at, 1 + chunks.nextInt(longest)));
      in.put(bytes, at, size).flip();
      at += size;
      lines.lines(in, out);
      in.compact();
      drain(out, text);
    }
    in.flip();
    int before = -1;
    while (before != in.remaining()) {
      before = in.remaining();
      lines.lines(in, out);
      drain(out, text);
    }
    lines.flush(in, out);
    drain(out, text);
    return text.toString();
  }

  private static void drain(ByteBuffer out, StringBuilder text) {
    out.flip();
    text.append(ISO_8859_1.decode(out));
    out.clear();
  }

  /// The rule as plainly as it can be said.
  private static String oracle(String raw) {
    var text = new StringBuilder();
    String rest = raw;
    while (!rest.isEmpty()) {
      int end = rest.indexOf('\n');
      int content = end < 0 ? rest.length() : end;
      boolean cut = content > CriLines.WIDTH;
      int length = cut ? CriLines.WIDTH : content;
      text.append(OUT).append(cut || end < 0 ? "P " : "F ");
      text.append(rest, 0, length).append('\n');
      rest = rest.substring(cut || end < 0 ? length : length + 1);
    }
    return text.toString();
  }

  @Test
  void eachLineBecomesAFullEntryOfItsStream() {
    assertThat(format(Stream.STDERR, "one\n\ntwo\n", new Random(1)))
        .isEqualTo((OUT + "F one\n" + OUT + "F \n" + OUT + "F two\n").replace("stdout", "stderr"));
  }

  @Test
  void anUnfinishedLineIsPartial() {
    assertThat(format(Stream.STDOUT, "a\nprompt> ", new Random(1)))
        .isEqualTo(OUT + "F a\n" + OUT + "P prompt> \n");
  }

  @Test
  void aLineOfExactlyTheWidthIsOneEntry() {
    String wide = "x".repeat(CriLines.WIDTH);
    assertThat(format(Stream.STDOUT, wide + "\n", new Random(1)))
        .isEqualTo(OUT + "F " + wide + "\n");
    assertThat(format(Stream.STDOUT, wide + "y\n", new Random(1)))
        .isEqualTo(OUT + "P " + wide + "\n" + OUT + "F y\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anyBytesInAnyChunksGiveWhatTheRuleSays(long seed) {
    var random = new Random(seed);
    String raw = hostile(random);
    assertThat(format(Stream.STDOUT, raw, random)).isEqualTo(oracle(raw));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void soDoPiecesLargerThanWhatIsFormattedAtOnce(long seed) {
    var random = new Random(seed);
    String raw = hostile(random) + "\n".repeat(random.nextInt(20_000)) + hostile(random);
    var out = ByteBuffer.allocateDirect(CriLines.LONGEST + random.nextInt(300_000));
    assertThat(format(Stream.STDOUT, raw, random, 256 << 10, out)).isEqualTo(oracle(raw));
  }

  private static String hostile(Random random) {
    var raw = new StringBuilder();
    while (raw.length() < 200_000) {
      int length = random.nextInt(5) == 0 ? random.nextInt(40_000) : random.nextInt(200);
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      if (random.nextInt(4) != 0) {
        for (int i = 0; i < length; i++) {
          bytes[i] = bytes[i] == '\n' ? 0 : bytes[i];
        }
      }
      raw.append(new String(bytes, ISO_8859_1)).append("\n".repeat(random.nextInt(4)));
    }
    return raw.toString();
  }
}
