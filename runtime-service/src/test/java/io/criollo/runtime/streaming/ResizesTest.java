// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResizesTest {
  private final List<TerminalSize> sizes = new ArrayList<>();

  @Test
  void sizesFollowEachOtherWithOrWithoutSpace() throws IOException {
    Resizes.read(
        stream(
            "{\"Width\":80,\"Height\":24}{\"width\":132,\"height\":50}\n {\"Height\":1,\"X\":{}}"),
        sizes::add);
    assertThat(sizes)
        .containsExactly(
            new TerminalSize(80, 24), new TerminalSize(132, 50), new TerminalSize(0, 1));
  }

  @Test
  void whatIsNoSizeEndsTheReading() {
    for (var text :
        List.of("{\"Width\":65536}", "{\"Width\":-1}", "[1]", "{\"Width\":\"a\"}", "nonsense")) {
      sizes.clear();
      assertThatThrownBy(() -> Resizes.read(stream("{\"Width\":1}" + text), sizes::add))
          .isInstanceOf(IOException.class);
      assertThat(sizes).containsExactly(new TerminalSize(1, 0));
    }
  }

  @Test
  void endlessNamesAndDepthsAreRefused() {
    for (var endless : List.of("{\"a", "{\"Width\":1", "{\"a\":", "[")) {
      assertThatThrownBy(() -> Resizes.read(new Endless(endless), sizes::add))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void randomBytesDoNoHarm() {
    var random = new Random(41);
    for (int i = 0; i < 2_000; i++) {
      var bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      var text = "{\"Width\":8,\"Height\":2}" + new String(bytes, StandardCharsets.ISO_8859_1);
      try {
        Resizes.read(stream(text), sizes::add);
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
    assertThat(sizes).hasSize(2_000);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The text, then its last character for ever.
  private static final class Endless extends InputStream {
    private final String text;
    private int at;

    private Endless(String text) {
      this.text = text;
    }

    @Override
    public int read() {
      return text.charAt(Math.min(at++, text.length() - 1));
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) read();
      }
      return length;
    }
  }
}
