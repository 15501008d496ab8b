// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A list in parts of limited size. Items are made when their part is sent, so that a long list is
/// never in memory as a whole.
final class Chunks<I extends MessageLite, T> implements MessageSource<T> {
  /// Far below the 4 MiB that a gRPC client takes unless told otherwise.
  static final int LARGEST = 256 << 10;

  private final Iterator<I> items;
  private final Function<List<I>, T> message;

  Chunks(Iterator<I> items, Function<List<I>, T> message) {
    this.items = items;
    this.message = message;
  }

  /// {@return a part with at least one item; empty when there are no more}
  @Override
  public Optional<T> next() {
    var part = new ArrayList<I>();
    for (long size = 0; size < LARGEST && items.hasNext(); ) {
      var item = items.next();
      part.add(item);
      size += item.getSerializedSize();
    }
    return part.isEmpty() ? Optional.empty() : Optional.of(message.apply(part));
  }

  @Override
  public void close() {}
}
