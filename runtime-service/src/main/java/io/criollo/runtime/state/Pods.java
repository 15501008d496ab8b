// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// All pods, in memory and on disk. Thread-safe.
public final class Pods {
  private final StateStore<PodRecord> store;
  private final ById<Pod> known = new ById<>();
  private final Names<PodId> names = new Names<>();

  private volatile Changes changes = Changes.UNHEARD;

  public Pods(StateStore<PodRecord> store) {
    this.store = store;
  }

  /// From now on changes are told.
  public void listen(Changes listener) {
    changes = listener;
  }

  public Names<PodId> names() {
    return names;
  }

  /// Writes a new pod and makes it known.
  public Pod add(PodRecord record) throws IOException {
    store.save(record.id().hex(), record);
    var pod = new Pod(store, () -> changes, record);
    known.put(pod);
    changes.pod(Changes.Kind.CREATED, record);
    changes.pod(Changes.Kind.STARTED, record);
    return pod;
  }

  /// Reads what is on disk.
  public List<Pod> restore() throws IOException {
    for (var record : store.loadAll()) {
      var pod = new Pod(store, () -> changes, record);
      known.put(pod);
      names.restore(pod.name(), pod.id());
    }
    return known.all();
  }

  /// Deletes the pod's file, then forgets it and its name.
  public void remove(Pod pod) throws IOException {
    store.delete(pod.hex());
    known.remove(pod);
    names.release(pod.name());
    changes.pod(Changes.Kind.DELETED, pod.record());
  }

  public List<Pod> all() {
    return known.all();
  }

  public Optional<Pod> find(String idOrPrefix) {
    return known.find(idOrPrefix);
  }

  public Pod require(String idOrPrefix) {
    if (idOrPrefix.isEmpty()) {
      throw new Refusal.InvalidArgument("pod_sandbox_id", idOrPrefix, "must not be empty");
    }
    return find(idOrPrefix).orElseThrow(() -> new Refusal.NotFound("pod sandbox", idOrPrefix));
  }
}
