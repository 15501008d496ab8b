// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import io.criollo.runtime.state.Changes;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Pods;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// Pods and containers as they are, and those that memory ran out for. Thread-safe.
public final class NodeCounts implements Changes, Source {
  private final Pods pods;
  private final Containers containers;
  private final String runtime;
  private final LongAdder outOfMemory = new LongAdder();

  /// @param runtime the name of the default one
  public NodeCounts(Pods pods, Containers containers, String runtime) {
    this.pods = pods;
    this.containers = containers;
    this.runtime = runtime;
  }

  @Override
  public void pod(Kind kind, PodRecord pod) {}

  @Override
  public void container(Kind kind, ContainerRecord container) {
    if (kind == Kind.STOPPED
        && container.state() instanceof ContainerState.Exited exited
        && exited.oomKilled()) {
      outOfMemory.increment();
    }
  }

  @Override
  public void write(Page page) {
    page.show(
        Collector.PODS,
        series ->
            counted(Stream.of("ready", "notready"), pods.all().stream().map(pod -> of(pod.state())))
                .forEach((state, count) -> series.value(count, "state", state)));
    page.show(
        Collector.CONTAINERS,
        series ->
            counted(
                    Stream.of("created", "running", "exited", "unknown"),
                    containers.all().stream().map(container -> of(container.state())))
                .forEach((state, count) -> series.value(count, "state", state)));
    page.show(Collector.CONTAINERS_OOM_TOTAL, series -> series.value(outOfMemory.sum()));
    page.show(Collector.DEFAULT_RUNTIME, series -> series.value(1, "runtime", runtime));
  }

  private static Map<String, Integer> counted(Stream<String> all, Stream<String> states) {
    var counts = new TreeMap<String, Integer>();
    all.forEach(state -> counts.put(state, 0));
    states.forEach(state -> counts.merge(state, 1, Integer::sum));
    return counts;
  }

  private static String of(PodState state) {
    return switch (state) {
      case PodState.Ready _ -> "ready";
      case PodState.Stopping _, PodState.Stopped _ -> "notready";
    };
  }

  private static String of(ContainerState state) {
    return switch (state) {
      case ContainerState.Created _ -> "created";
      case ContainerState.Running _ -> "running";
      case ContainerState.Exited _ -> "exited";
      case ContainerState.Lost _ -> "unknown";
    };
  }
}
