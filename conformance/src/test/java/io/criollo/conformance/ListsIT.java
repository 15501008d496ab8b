// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxFilter;
import io.criollo.cri.v1.StreamContainerStatsRequest;
import io.criollo.cri.v1.StreamContainersRequest;
import io.criollo.cri.v1.StreamContainersResponse;
import io.criollo.cri.v1.StreamImagesRequest;
import io.criollo.cri.v1.StreamPodSandboxesRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AnyRuntime
class ListsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static List<Container> streamed(ContainerFilter filter) {
    var all = new ArrayList<Container>();
    containers(filter).forEach(part -> all.addAll(part.getContainersList()));
    return all;
  }

  private static List<StreamContainersResponse> containers(ContainerFilter filter) {
    var parts = new ArrayList<StreamContainersResponse>();
    criollo
        .client()
        .runtime()
        .streamContainers(StreamContainersRequest.newBuilder().setFilter(filter).build())
        .forEachRemaining(parts::add);
    return parts;
  }

  private static List<PodSandbox> pods(PodSandboxFilter filter) {
    var all = new ArrayList<PodSandbox>();
    criollo
        .client()
        .runtime()
        .streamPodSandboxes(StreamPodSandboxesRequest.newBuilder().setFilter(filter).build())
        .forEachRemaining(part -> all.addAll(part.getPodSandboxesList()));
    return all;
  }

  @Test
  void streamsHoldWhatListsHold() throws IOException {
    Pod pod = criollo.pod("lists");
    String a = pod.create(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));
    criollo.pod("other");
    var runtime = criollo.client().runtime();

    assertThat(pods(PodSandboxFilter.getDefaultInstance()))
        .hasSize(2)
        .isEqualTo(
            runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList());
    assertThat(pods(PodSandboxFilter.newBuilder().setId(pod.id()).build())).hasSize(1);
    assertThat(streamed(ContainerFilter.getDefaultInstance()))
        .hasSize(2)
        .isEqualTo(
            runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersList());
    assertThat(streamed(ContainerFilter.newBuilder().setId(a).build()))
        .extracting(Container::getId)
        .containsExactly(a);
    var stats = new ArrayList<String>();
    runtime
        .streamContainerStats(StreamContainerStatsRequest.getDefaultInstance())
        .forEachRemaining(part ->
            part.getContainerStatsList().forEach(one -> stats.add(one.getAttributes().getId())));
    assertThat(stats).containsExactlyInAnyOrder(a, b);
  }

  @Test
  void imagesAreStreamedToo() {
    var images = criollo.client().images();
    var all = new ArrayList<Image>();
    images
        .streamImages(StreamImagesRequest.getDefaultInstance())
        .forEachRemaining(part -> all.addAll(part.getImagesList()));
    assertThat(all)
        .isNotEmpty()
        .isEqualTo(images.listImages(ListImagesRequest.getDefaultInstance()).getImagesList());
  }

  @Test
  void aListOfLargeItemsComesInSeveralParts() throws IOException {
    Pod pod = criollo.pod("large");
    for (int i = 0; i < 6; i++) {
      pod.create(
          Pod.container("c" + i, TestImages.BUSYBOX, "true")
              .putAnnotations("text", "x".repeat(200_000)));
    }

    var parts = containers(ContainerFilter.getDefaultInstance());

    assertThat(parts).hasSizeBetween(2, 6);
    assertThat(parts).allSatisfy(part -> assertThat(part.getSerializedSize()).isLessThan(1 << 20));
    assertThat(parts.stream().flatMap(part -> part.getContainersList().stream()))
        .extracting(Container::getId)
        .hasSize(6)
        .doesNotHaveDuplicates();
  }
}
