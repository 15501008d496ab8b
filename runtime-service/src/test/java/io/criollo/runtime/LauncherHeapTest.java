// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The flags with which the launcher starts Java, and what becomes of the heap under them.
@Timeout(120)
class LauncherHeapTest {
  private static final Path LAUNCHER = Path.of("src/main/dist/bin/criollo");
  private static final Pattern FLAG = Pattern.compile("-X(?:m\\w+|X:\\S*(?:Heap|Ratio)\\S*)");
  private static final int PIECE = 128 << 10;

  /// What the monitor and netty have of one stream while its client reads.
  private static final int UNDER_WAY = 5;

  private static final int PIECES = 1 << 14;
  private static final int BURST = 100 << 20;
  private static final long SMALL = 32L << 20;

  /// Runs in a Java of its own.
  static final class Streamed {
    private Streamed() {}

    public static void main(String[] args) {
      var pieces = new ArrayDeque<byte[]>();
      for (int i = 0; i < PIECES; i++) {
        pieces.add(new byte[PIECE]);
        if (pieces.size() > UNDER_WAY) {
          var _ = pieces.remove();
        }
      }
      System.out.println(Runtime.getRuntime().totalMemory());
    }
  }

  /// Runs in a Java of its own.
  static final class Burst {
    private Burst() {}

    public static void main(String[] args) {
      if (held() != BURST) {
        throw new IllegalStateException();
      }
      System.gc();
      System.out.println(Runtime.getRuntime().totalMemory());
    }

    private static int held() {
      return Stream.generate(() -> new byte[PIECE]).limit(BURST / PIECE).toList().stream()
          .mapToInt(piece -> piece.length)
          .sum();
    }
  }

  @Test
  void twoGigabytesOfAStreamDoNotGrowTheHeap() throws Exception {
    assertThat(heapAfter(Streamed.class)).isLessThan(SMALL);
  }

  @Test
  void whatABurstNeededIsGivenBackByOneCollection() throws Exception {
    assertThat(heapAfter(Burst.class)).isLessThan(SMALL);
  }

  private static long heapAfter(Class<?> program) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    var java = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(java.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(java.waitFor()).isZero();
    return Long.parseLong(output.strip());
  }

  private static List<String> flags() throws Exception {
    var flags = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    FLAG.matcher(Files.readString(LAUNCHER)).results().forEach(flag -> flags.add(flag.group()));
    assertThat(flags).contains("-Xmx256m");
    return flags;
  }
}
