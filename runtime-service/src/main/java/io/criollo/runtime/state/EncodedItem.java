// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What lists show of an object, as its bytes on the wire: clients ask each second, and little has
/// changed. Thread-safe.
///
/// @param <R> the record of the object, which never changes
public final class EncodedItem<R> {
  private volatile Optional<Made<R>> last = Optional.empty();

  private record Made<R>(R of, ByteString bytes) {}

  /// {@return the item, made anew only for another record}
  @SuppressWarnings("ReferenceEquality") // comparing what they say takes longer than encoding it
  ByteString of(R record, Function<R, ? extends MessageLite> item) {
    var known = last;
    if (known.isPresent() && known.get().of == record) {
      return known.get().bytes;
    }
    var bytes = item.apply(record).toByteString();
    last = Optional.of(new Made<>(record, bytes));
    return bytes;
  }

  /// {@return a repeated field of a message that is to be sent: to its builder the items are
  /// unknown, to its reader they are not}
  public static UnknownFieldSet repeated(int number, Stream<ByteString> items) {
    var field = UnknownFieldSet.Field.newBuilder();
    items.forEach(field::addLengthDelimited);
    return UnknownFieldSet.newBuilder().addField(number, field.build()).build();
  }
}
