// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.runtime.images.PullMessages;
import io.criollo.runtime.rpc.NodeReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What `criollo status` prints.
public final class StatusText {
  private static final List<ContainerState> STATES =
      List.of(
          ContainerState.CONTAINER_RUNNING,
          ContainerState.CONTAINER_CREATED,
          ContainerState.CONTAINER_EXITED,
          ContainerState.CONTAINER_UNKNOWN);

  private StatusText() {}

  public static String of(Path socket, NodeReport report) {
    var version = report.version();
    var text = new StringBuilder();
    text.append(
        "%s %s serves CRI %s on %s%n"
            .formatted(
                version.getRuntimeName(),
                version.getRuntimeVersion(),
                version.getRuntimeApiVersion(),
                socket));
    report.conditions().forEach(condition -> text.append(line(condition)));
    text.append("%-14s%s%n".formatted("Pods", pods(report)));
    text.append("%-14s%s%n".formatted("Containers", containers(report.containers())));
    text.append("%-14s%s%n".formatted("Images", images(report.images())));
    PullMessages.lines(report.pulls(), Instant.now())
        .forEach(line -> text.append("%-14s%s%n".formatted("Pull", clean(line))));
    return text.toString();
  }

  private static String clean(String line) {
    return line.replaceAll("\\p{Cntrl}+", " ");
  }

  private static String line(RuntimeCondition condition) {
    var line =
        "%-14s%s %s %s"
            .formatted(
                condition.getType(),
                condition.getStatus() ? "yes" : "NO",
                condition.getReason(),
                condition.getMessage());
    return clean(line.strip()) + "\n";
  }

  private static String pods(NodeReport report) {
    long ready =
        report.pods().stream()
            .filter(pod -> pod.getState() == PodSandboxState.SANDBOX_READY)
            .count();
    return ready + " ready, " + (report.pods().size() - ready) + " not ready";
  }

  private static String containers(List<Container> containers) {
    var parts =
        STATES.stream()
            .map(state -> part(state, containers))
            .filter(part -> !part.startsWith("0 "))
            .toList();
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  private static String part(ContainerState state, List<Container> containers) {
    long count = containers.stream().filter(each -> each.getState() == state).count();
    return count + " " + state.name().replace("CONTAINER_", "").toLowerCase(Locale.ROOT);
  }

  private static String images(List<Image> images) {

    long mebibytes = images.stream().mapToLong(Image::getSize).sum() >> 20;
    return images.size() + ", " + mebibytes + " MiB";
  }
}
