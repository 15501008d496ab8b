// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.ListPodSandboxResponse;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxFilter;
import io.criollo.runtime.state.EncodedItem;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import java.util.Iterator;
import java.util.List;

/// ListPodSandbox: the pods that pass every filter given.
public final class ListPodSandbox {
  private final Pods pods;

  public ListPodSandbox(Pods pods) {
    this.pods = pods;
  }

  /// {@return the answer, to be sent only: see [EncodedItem]}
  public ListPodSandboxResponse list(ListPodSandboxRequest request) {
    var items = select(request.getFilter()).stream().map(pod -> pod.item(PodMessages::item));
    return ListPodSandboxResponse.newBuilder()
        .setUnknownFields(EncodedItem.repeated(ListPodSandboxResponse.ITEMS_FIELD_NUMBER, items))
        .build();
  }

  /// {@return the same one by one}
  public Iterator<PodSandbox> items(PodSandboxFilter filter) {
    return select(filter).stream().map(pod -> PodMessages.item(pod.record())).iterator();
  }

  /// {@return the pods that pass every part of the filter that is set}
  public List<Pod> select(PodSandboxFilter filter) {
    var candidates =
        filter.getId().isEmpty()
            ? pods.all()
            : pods.find(filter.getId()).map(List::of).orElse(List.of());
    return candidates.stream()
        .filter(pod -> !filter.hasState() || inState(pod, filter))
        .filter(pod -> hasLabels(pod, filter))
        .toList();
  }

  private static boolean inState(Pod pod, PodSandboxFilter filter) {
    return PodMessages.state(pod.state()) == filter.getState().getState();
  }

  private static boolean hasLabels(Pod pod, PodSandboxFilter filter) {
    return pod.config()
        .getLabelsMap()
        .entrySet()
        .containsAll(filter.getLabelSelectorMap().entrySet());
  }
}
