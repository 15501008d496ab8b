// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListContainersResponse;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.EncodedItem;
import io.criollo.runtime.state.Pods;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// ListContainers: the containers that pass every filter given.
public final class ListContainers {
  private final Containers containers;
  private final Pods pods;

  public ListContainers(Containers containers, Pods pods) {
    this.containers = containers;
    this.pods = pods;
  }

  /// {@return the answer, to be sent only: see [EncodedItem]}
  public ListContainersResponse list(ListContainersRequest request) {
    var items = select(request.getFilter()).stream().map(one -> one.item(ContainerMessages::item));
    return ListContainersResponse.newBuilder()
        .setUnknownFields(
            EncodedItem.repeated(ListContainersResponse.CONTAINERS_FIELD_NUMBER, items))
        .build();
  }

  /// {@return the same one by one}
  public Iterator<io.criollo.cri.v1.Container> items(ContainerFilter filter) {
    return select(filter).stream().map(one -> ContainerMessages.item(one.record())).iterator();
  }

  /// {@return the containers that pass every part of the filter that is set}
  public List<Container> select(ContainerFilter filter) {
    var candidates =
        filter.getId().isEmpty()
            ? containers.all()
            : containers.find(filter.getId()).map(List::of).orElse(List.of());
    var pod = filter.getPodSandboxId().isEmpty() ? Optional.<String>empty() : podId(filter);
    return candidates.stream()
        .filter(one -> pod.isEmpty() || one.pod().hex().equals(pod.get()))
        .filter(one -> !filter.hasState() || inState(one, filter))
        .filter(one -> hasLabels(one, filter))
        .toList();
  }

  /// A pod that is not known has no containers: the filter's text never equals an id then.
  private Optional<String> podId(ContainerFilter filter) {
    var given = filter.getPodSandboxId();
    return Optional.of(pods.find(given).map(found -> found.id().hex()).orElse(given));
  }

  private static boolean inState(Container container, ContainerFilter filter) {
    return ContainerMessages.state(container.state()) == filter.getState().getState();
  }

  private static boolean hasLabels(Container container, ContainerFilter filter) {
    return container
        .config()
        .getLabelsMap()
        .entrySet()
        .containsAll(filter.getLabelSelectorMap().entrySet());
  }
}
