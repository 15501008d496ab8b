// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.cri.v1.ContainerAttributes;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ContainerStats;
import io.criollo.cri.v1.ContainerStatsFilter;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.ContainerStatsResponse;
import io.criollo.cri.v1.FilesystemIdentifier;
import io.criollo.cri.v1.FilesystemUsage;
import io.criollo.cri.v1.ListContainerStatsRequest;
import io.criollo.cri.v1.ListContainerStatsResponse;
import io.criollo.image.mount.FsUsage;
import io.criollo.image.reference.ImageException;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.OpenCgroups;
import io.criollo.runtime.container.ListContainers;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// ContainerStats and ListContainerStats: what containers use of the node. A container that has
/// ended uses nothing but its writable layer.
public final class ContainerUsage {
  private final Pods pods;
  private final Containers containers;
  private final OpenCgroups cgroups;
  private final ListContainers list;
  private final LayerUsages layers;
  private final CpuRates rates = new CpuRates();

  public ContainerUsage(
      Pods pods,
      Containers containers,
      OpenCgroups cgroups,
      ListContainers list,
      LayerUsages layers) {
    this.pods = pods;
    this.containers = containers;
    this.cgroups = cgroups;
    this.list = list;
    this.layers = layers;
  }

  public ContainerStatsResponse stats(ContainerStatsRequest request)
      throws IOException, ImageException {
    var container = containers.require(request.getContainerId());
    return ContainerStatsResponse.newBuilder().setStats(stats(container)).build();
  }

  /// The live containers that pass every filter given, but those that cannot be read.
  public ListContainerStatsResponse list(ListContainerStatsRequest request)
      throws IOException, ImageException, InterruptedException {
    return ListContainerStatsResponse.newBuilder().addAllStats(items(request.getFilter())).build();
  }

  /// {@return the same one by one}
  public List<ContainerStats> items(ContainerStatsFilter filter)
      throws IOException, ImageException, InterruptedException {
    forgetRemoved();
    var items = new ArrayList<ContainerStats>();
    for (var container : list.select(asContainerFilter(filter))) {
      if (!container.ended()) {
        stats(container, Reading.LENIENT).ifPresent(items::add);
      }
    }
    return items;
  }

  /// What was remembered of containers and pods that are not there any more.
  void forgetRemoved() {
    var known = containers.all().stream().map(Container::hex).collect(Collectors.toSet());
    layers.keep(known);
    pods.all().forEach(pod -> known.add(pod.hex()));
    rates.keep(known);
  }

  CpuRates rates() {
    return rates;
  }

  private static ContainerFilter asContainerFilter(ContainerStatsFilter filter) {
    return ContainerFilter.newBuilder()
        .setId(filter.getId())
        .setPodSandboxId(filter.getPodSandboxId())
        .putAllLabelSelector(filter.getLabelSelectorMap())
        .build();
  }

  Optional<ContainerStats> stats(Container container, Reading reading)
      throws IOException, ImageException, InterruptedException {
    return reading.of("container " + container.id(), () -> stats(container));
  }

  private ContainerStats stats(Container container) throws IOException, ImageException {
    var stats =
        ContainerStats.newBuilder()
            .setAttributes(attributes(container))
            .setWritableLayer(layer(layers.of(container.hex())));
    if (!container.ended()) {
      read(container.hex(), container.record().place().cgroup(), stats);
    }
    return stats.build();
  }

  /// A cgroup that goes away while it is read belongs to a container that has just ended.
  private void read(String id, String cgroup, ContainerStats.Builder stats) throws LinuxException {
    cgroups.whileThere(
        cgroup,
        files -> {
          var usage = new CgroupUsage(files);
          stats
              .setCpu(usage.cpu(id, rates))
              .setMemory(usage.memory())
              .setSwap(usage.swap())
              .setIo(usage.io());
        });
  }

  private static ContainerAttributes attributes(Container container) {
    var config = container.config();
    return ContainerAttributes.newBuilder()
        .setId(container.hex())
        .setMetadata(config.getMetadata())
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .build();
  }

  private FilesystemUsage layer(FsUsage usage) {
    var mountpoint = layers.mountpoint().toString(); // as ImageFsInfo says it
    return FilesystemUsage.newBuilder()
        .setTimestamp(Times.nanos(usage.at()))
        .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(mountpoint))
        .setUsedBytes(UInt64.of(usage.bytes()))
        .setInodesUsed(UInt64.of(usage.inodes()))
        .build();
  }
}
