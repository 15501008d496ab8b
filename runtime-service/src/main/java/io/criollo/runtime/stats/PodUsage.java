// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.cri.v1.LinuxPodSandboxStats;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import io.criollo.cri.v1.ListPodSandboxStatsResponse;
import io.criollo.cri.v1.PodSandboxAttributes;
import io.criollo.cri.v1.PodSandboxFilter;
import io.criollo.cri.v1.PodSandboxStats;
import io.criollo.cri.v1.PodSandboxStatsFilter;
import io.criollo.cri.v1.PodSandboxStatsRequest;
import io.criollo.cri.v1.PodSandboxStatsResponse;
import io.criollo.image.reference.ImageException;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.OpenCgroups;
import io.criollo.runtime.sandbox.ListPodSandbox;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// PodSandboxStats and ListPodSandboxStats: what pods use, as a whole and container by container. A
/// pod that is not ready uses nothing.
public final class PodUsage {
  private final Pods pods;
  private final Containers containers;
  private final ListPodSandbox list;
  private final ContainerUsage usage;
  private final PodTraffic traffic;
  private final OpenCgroups cgroups;

  public PodUsage(
      Pods pods,
      Containers containers,
      ContainerUsage usage,
      PodTraffic traffic,
      OpenCgroups cgroups) {
    this.pods = pods;
    this.containers = containers;
    this.list = new ListPodSandbox(pods);
    this.usage = usage;
    this.traffic = traffic;
    this.cgroups = cgroups;
  }

  public PodSandboxStatsResponse stats(PodSandboxStatsRequest request)
      throws IOException, ImageException, InterruptedException {
    var pod = pods.require(request.getPodSandboxId());
    return PodSandboxStatsResponse.newBuilder().setStats(stats(pod, Reading.STRICT)).build();
  }

  /// The ready pods that pass every filter given, without what cannot be read.
  public ListPodSandboxStatsResponse list(ListPodSandboxStatsRequest request)
      throws IOException, ImageException, InterruptedException {
    return ListPodSandboxStatsResponse.newBuilder().addAllStats(items(request.getFilter())).build();
  }

  /// {@return the same one by one}
  public List<PodSandboxStats> items(PodSandboxStatsFilter filter)
      throws IOException, ImageException, InterruptedException {
    usage.forgetRemoved();
    var items = new ArrayList<PodSandboxStats>();
    for (var pod : list.select(asPodFilter(filter))) {
      if (pod.ready()) {
        Reading.LENIENT
            .of("pod " + pod.id(), () -> stats(pod, Reading.LENIENT))
            .ifPresent(items::add);
      }
    }
    return items;
  }

  private static PodSandboxFilter asPodFilter(PodSandboxStatsFilter filter) {
    return PodSandboxFilter.newBuilder()
        .setId(filter.getId())
        .putAllLabelSelector(filter.getLabelSelectorMap())
        .build();
  }

  private PodSandboxStats stats(Pod pod, Reading reading)
      throws IOException, ImageException, InterruptedException {
    var linux = LinuxPodSandboxStats.newBuilder();
    if (pod.ready()) {
      reading
          .of("the traffic of pod " + pod.id(), () -> traffic.usage(pod))
          .ifPresent(linux::setNetwork);
      read(pod, linux);
    }
    for (var container : containers.of(pod.id())) {
      if (!container.ended()) {
        usage.stats(container, reading).ifPresent(linux::addContainers);
      }
    }
    return PodSandboxStats.newBuilder().setAttributes(attributes(pod)).setLinux(linux).build();
  }

  /// A cgroup that is not there belongs to a pod that is being stopped.
  private void read(Pod pod, LinuxPodSandboxStats.Builder linux) throws LinuxException {
    cgroups.whileThere(
        pod.record().place().cgroup(),
        files -> {
          var used = new CgroupUsage(files);
          linux
              .setCpu(used.cpu(pod.hex(), usage.rates()))
              .setMemory(used.memory())
              .setProcess(used.processes())
              .setIo(used.io());
        });
  }

  private static PodSandboxAttributes attributes(Pod pod) {
    var config = pod.config();
    return PodSandboxAttributes.newBuilder()
        .setId(pod.hex())
        .setMetadata(config.getMetadata())
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .build();
  }
}
