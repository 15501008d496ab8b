// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.cri.v1.NetworkInterfaceUsage;
import io.criollo.cri.v1.NetworkUsage;
import io.criollo.linux.Fd;
import io.criollo.linux.KernelFile;
import io.criollo.linux.LinuxException;
import io.criollo.linux.NetDev;
import io.criollo.linux.NsThread;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.PidFd;
import io.criollo.runtime.container.Runtimes;
import io.criollo.runtime.sandbox.PodNamespaces;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What went through a pod's interfaces. A pod with the node's network has none of its own.
public final class PodTraffic {
  private static final String MAIN = "eth0";
  private static final String LOOPBACK = "lo";
  private static final int LARGEST = 1 << 20;

  private final Containers containers;
  private final PodNamespaces namespaces;
  private final Runtimes runtimes;

  public PodTraffic(Containers containers, PodNamespaces namespaces, Runtimes runtimes) {
    this.containers = containers;
    this.namespaces = namespaces;
    this.runtimes = runtimes;
  }

  /// {@return the pod's interfaces without the loopback; none when its network is gone}
  public List<NetDev.Interface> interfaces(Pod pod) throws IOException, InterruptedException {
    var pin = namespaces.network(pod.record());
    if (pin.isEmpty() || !pod.ready()) {
      return List.of();
    }
    return NetDev.parse(content(pod, pin.get())).interfaces().stream()
        .filter(one -> !one.name().equals(LOOPBACK))
        .toList();
  }

  private String content(Pod pod, Path pin) throws IOException, InterruptedException {
    var ofMember = ofMember(pod);
    if (ofMember.isPresent()) {
      return ofMember.get();
    }
    try {
      return inside(pin);
    } catch (IOException e) {
      if (pod.ready()) {
        throw e;
      }
      return ""; // it has just been stopped
    }
  }

  NetworkUsage usage(Pod pod) throws IOException, InterruptedException {
    var usage = NetworkUsage.newBuilder().setTimestamp(Times.nanos(Instant.now()));
    for (var one : interfaces(pod)) {
      if (one.name().equals(MAIN)) {
        usage.setDefaultInterface(message(one));
      } else {
        usage.addInterfaces(message(one));
      }
    }
    return usage.build();
  }

  private static NetworkInterfaceUsage message(NetDev.Interface one) {
    return NetworkInterfaceUsage.newBuilder()
        .setName(one.name())
        .setRxBytes(UInt64.of(one.received().bytes()))
        .setRxErrors(UInt64.of(one.received().errors()))
        .setTxBytes(UInt64.of(one.sent().bytes()))
        .setTxErrors(UInt64.of(one.sent().errors()))
        .build();
  }

  /// A process of the pod shows its namespace without anybody entering it.
  private Optional<String> ofMember(Pod pod) throws InterruptedException {
    if (runtimes.sandboxes(pod.record().handler())) {
      return Optional.empty(); // what waits for its containers is none of its processes
    }
    for (var container : containers.of(pod.id())) {
      if (container.state() instanceof ContainerState.Running(var process, _)) {
        var content = ofProcess(process);
        if (content.isPresent()) {
          return content;
        }
      }
    }
    return Optional.empty();
  }

  /// Empty when it has just ended, whoever has its number now.
  private static Optional<String> ofProcess(LiveProcess process) {
    try {
      var content = read(Path.of("/proc/" + process.pid() + "/net/dev"));
      boolean same = PidFd.startTime(process.pid()) == process.startTime();
      return same ? Optional.of(content) : Optional.empty();
    } catch (LinuxException _) {
      return Optional.empty();
    }
  }

  private static String inside(Path pin) throws IOException, InterruptedException {
    try {
      return NsThread.call(pin, () -> read(Path.of("/proc/thread-self/net/dev")));
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("read traffic in " + pin, e);
    }
  }

  private static String read(Path file) throws LinuxException {
    try (var fd = Fd.open(file, OpenFlags.O_RDONLY, 0)) {
      return KernelFile.read(fd, LARGEST);
    }
  }
}
