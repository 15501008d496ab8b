// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All containers, in memory and on disk. Thread-safe.
public final class Containers {
  private final StateStore<ContainerRecord> store;
  private final ById<Container> known = new ById<>();
  private final Map<PodId, List<Container>> ofPods = new ConcurrentHashMap<>();
  private final Names<ContainerId> names = new Names<>();

  private volatile Changes changes = Changes.UNHEARD;

  public Containers(StateStore<ContainerRecord> store) {
    this.store = store;
  }

  /// From now on changes are told.
  public void listen(Changes listener) {
    changes = listener;
  }

  public Names<ContainerId> names() {
    return names;
  }

  /// Writes a new container and makes it known.
  public Container add(ContainerRecord record) throws IOException {
    store.save(record.id().hex(), record);
    var container = new Container(store, () -> changes, record);
    put(container);
    changes.container(Changes.Kind.CREATED, record);
    return container;
  }

  /// Reads what is on disk.
  public List<Container> restore() throws IOException {
    for (var record : store.loadAll()) {
      var container = new Container(store, () -> changes, record);
      put(container);
      names.restore(container.name(), container.id());
    }
    return known.all();
  }

  /// Deletes the container's file, then forgets it and its name.
  public void remove(Container container) throws IOException {
    store.delete(container.hex());
    known.remove(container);
    ofPods.computeIfPresent(container.pod(), (_, those) -> without(those, container));
    names.release(container.name());
    changes.container(Changes.Kind.DELETED, container.record());
  }

  public List<Container> all() {
    return known.all();
  }

  /// {@return those of a pod, by id}
  public List<Container> of(PodId pod) {
    return ofPods.getOrDefault(pod, List.of());
  }

  private void put(Container container) {
    ofPods.merge(container.pod(), List.of(container), Containers::joined);
    known.put(container);
  }

  private static List<Container> joined(List<Container> some, List<Container> more) {
    return Stream.concat(some.stream(), more.stream())
        .sorted(Comparator.comparing(Container::hex))
        .toList();
  }

  /// {@return the rest, null for none}
  private static @Nullable List<Container> without(List<Container> those, Container gone) {
    var rest = those.stream().filter(one -> !one.equals(gone)).toList();
    return rest.isEmpty() ? null : rest;
  }

  public Optional<Container> find(String idOrPrefix) {
    return known.find(idOrPrefix);
  }

  public Container require(String idOrPrefix) {
    if (idOrPrefix.isEmpty()) {
      throw new Refusal.InvalidArgument("container_id", idOrPrefix, "must not be empty");
    }
    return find(idOrPrefix).orElseThrow(() -> new Refusal.NotFound("container", idOrPrefix));
  }
}
