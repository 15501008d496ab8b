// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.cri.v1.ContainerMetrics;
import io.criollo.cri.v1.ListMetricDescriptorsResponse;
import io.criollo.cri.v1.ListPodSandboxMetricsResponse;
import io.criollo.cri.v1.PodSandboxMetrics;
import io.criollo.image.reference.ImageException;
import io.criollo.linux.FsUsage;
import io.criollo.linux.StatFs;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.OpenCgroup;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.stats.LayerUsages;
import io.criollo.runtime.stats.PodTraffic;
import io.criollo.runtime.stats.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// ListMetricDescriptors and ListPodSandboxMetrics: what Prometheus gets through the kubelet. Reads
/// files only.
public final class PodMetrics {
  private static final String POD = "POD"; // in place of the name of a container

  private final Pods pods;
  private final Containers containers;
  private final CgroupDriver cgroups;
  private final PodTraffic traffic;
  private final LayerUsages layers;
  private final Devices devices;
  private final String disk;
  private final Set<MetricName> shown;

  /// @param groups which metrics there are
  public PodMetrics(
      Pods pods,
      Containers containers,
      CgroupDriver cgroups,
      PodTraffic traffic,
      LayerUsages layers,
      Set<MetricGroup> groups)
      throws IOException {
    this.pods = pods;
    this.containers = containers;
    this.cgroups = cgroups;
    this.traffic = traffic;
    this.layers = layers;
    this.shown = MetricGroup.metrics(groups);
    devices = Devices.ofNode();
    disk = Devices.holding(layers.mountpoint());
  }

  public ListMetricDescriptorsResponse descriptors() {
    var response = ListMetricDescriptorsResponse.newBuilder();
    shown.forEach(name -> response.addDescriptors(name.descriptor()));
    return response.build();
  }

  public ListPodSandboxMetricsResponse list()
      throws IOException, ImageException, InterruptedException {
    return ListPodSandboxMetricsResponse.newBuilder().addAllPodMetrics(items()).build();
  }

  /// {@return the metrics of every pod that is ready, without what cannot be read}
  public List<PodSandboxMetrics> items() throws IOException, ImageException, InterruptedException {
    var room = StatFs.of(layers.mountpoint());
    var items = new ArrayList<PodSandboxMetrics>();
    for (var pod : pods.all()) {
      if (pod.ready()) {
        Reading.LENIENT.of("pod " + pod.id(), () -> item(pod, room)).ifPresent(items::add);
      }
    }
    return items;
  }

  private PodSandboxMetrics item(Pod pod, FsUsage room)
      throws IOException, ImageException, InterruptedException {
    var data = pod.config().getMetadata();
    var cgroup = pod.record().place().cgroup();
    var own =
        new MetricList(
            List.of(cgroup, pod.hex(), "", data.getNamespace(), data.getName(), POD), shown);
    Reading.LENIENT
        .of("the traffic of pod " + pod.id(), () -> traffic.interfaces(pod))
        .ifPresent(all -> all.forEach(one -> NetworkMetrics.addTo(own, one)));
    var item = PodSandboxMetrics.newBuilder().setPodSandboxId(pod.hex()).addAllMetrics(own.all());
    for (var container : containers.of(pod.id())) {
      if (!container.ended()) {
        Reading.LENIENT
            .of("container " + container.id(), () -> metrics(pod, container, room))
            .flatMap(Function.identity())
            .ifPresent(item::addContainerMetrics);
      }
    }
    return item.build();
  }

  /// {@return its metrics, or nothing when it ends meanwhile}
  private Optional<ContainerMetrics> metrics(Pod pod, Container container, FsUsage room)
      throws IOException, ImageException {
    var list = new MetricList(labels(pod, container), shown);
    boolean there =
        OpenCgroup.whileThere(
            cgroups.at(container.record().place().cgroup()),
            cgroup -> {
              new CgroupMetrics(cgroup, devices).addTo(list);
              ProcessMetrics.addTo(list, cgroup);
            });
    if (!there) {
      return Optional.empty();
    }
    SpecMetrics.addTo(list, container.record());
    disk(list, room, layers.of(container.hex()).bytes());
    return Optional.of(
        ContainerMetrics.newBuilder()
            .setContainerId(container.hex())
            .addAllMetrics(list.all())
            .build());
  }

  private static List<String> labels(Pod pod, Container container) {
    var data = pod.config().getMetadata();
    var place = container.record().place();
    return List.of(
        place.cgroup(),
        container.hex(),
        place.image().name(),
        data.getNamespace(),
        data.getName(),
        container.config().getMetadata().getName());
  }

  private void disk(MetricList list, FsUsage room, long used) {
    list.add(MetricName.FS_USAGE_BYTES, used, disk);
    list.add(MetricName.FS_LIMIT_BYTES, room.total(), disk);
    list.add(MetricName.FS_INODES_TOTAL, room.inodes(), disk);
    list.add(MetricName.FS_INODES_FREE, room.freeInodes(), disk);
  }
}
