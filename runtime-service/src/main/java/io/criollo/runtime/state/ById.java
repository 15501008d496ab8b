// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects by id, found also by the beginning of an id. Thread-safe.
final class ById<T extends Known> {
  private final ConcurrentSkipListMap<String, T> objects = new ConcurrentSkipListMap<>();

  void put(T object) {
    objects.put(object.hex(), object);
  }

  void remove(T object) {
    objects.remove(object.hex());
  }

  List<T> all() {
    return List.copyOf(objects.values());
  }

  /// {@return the object with this id, or the only one whose id begins so}
  Optional<T> find(String idOrPrefix) {
    if (!Ids.isPrefix(idOrPrefix)) {
      return Optional.empty();
    }
    var first = objects.ceilingEntry(idOrPrefix);
    if (first == null || !first.getKey().startsWith(idOrPrefix)) {
      return Optional.empty();
    }
    var second = objects.higherKey(first.getKey());
    boolean ambiguous =
        second != null && second.startsWith(idOrPrefix) && !first.getKey().equals(idOrPrefix);
    return ambiguous ? Optional.empty() : Optional.of(first.getValue());
  }
}
