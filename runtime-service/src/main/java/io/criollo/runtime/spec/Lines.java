// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.nio.charset.StandardCharsets;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The lines of a text that somebody else wrote, one in memory at a time; those over 1 MiB are
/// passed over.
final class Lines extends AbstractSpliterator<String> {
  private static final int LONGEST = 1 << 20;

  private final byte[] text;
  private int next;

  private Lines(byte[] text) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.text = text;
  }

  static Stream<String> of(byte[] text) {
    return StreamSupport.stream(new Lines(text), false);
  }

  @Override
  public boolean tryAdvance(Consumer<? super String> action) {
    while (next < text.length) {
      int from = next;
      int end = end(from);
      next = end + 1;
      if (end - from <= LONGEST) {
        action.accept(new String(text, from, end - from, StandardCharsets.UTF_8));
        return true;
      }
    }
    return false;
  }

  private int end(int from) {
    int at = from;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }
}
