// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.image.manifest.ImageConfig;
import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Inputs of [SpecBuilder] for tests: a plain one, and the plain one with a change.
final class Inputs {
  static final Path ROOTFS = emptyRootfs();

  private Inputs() {}

  private static Path emptyRootfs() {
    try {
      var directory = Files.createTempDirectory("rootfs");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SpecInput plain() {
    return container(_ -> {});
  }

  static SpecInput container(Consumer<ContainerConfig.Builder> change) {
    var config = ContainerConfig.newBuilder();
    config.getMetadataBuilder().setName("web");
    config.addCommand("/bin/sleep").addArgs("10");
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.CONTAINER);
    change.accept(config);
    return new SpecInput(pod(), config.build(), image(), paths(), node(), root());
  }

  static SpecInput security(Consumer<LinuxContainerSecurityContext.Builder> change) {
    return container(c -> change.accept(c.getLinuxBuilder().getSecurityContextBuilder()));
  }

  static SpecInput resources(Consumer<LinuxContainerResources.Builder> change) {
    return container(c -> change.accept(c.getLinuxBuilder().getResourcesBuilder()));
  }

  static SpecInput withImage(SpecInput input, ImageConfig image) {
    return new SpecInput(
        input.pod(), input.container(), image, input.paths(), input.node(), input.user());
  }

  static SpecInput withNode(SpecInput input, NodeFacts node) {
    return new SpecInput(
        input.pod(), input.container(), input.image(), input.paths(), node, input.user());
  }

  static SpecInput withDefaults(SpecInput input, ContainerDefaults defaults) {
    return withNode(input, node(defaults, input.node().features()));
  }

  static SpecInput withUser(SpecInput input, ContainerUserIds user) {
    return new SpecInput(
        input.pod(), input.container(), input.image(), input.paths(), input.node(), user);
  }

  static SpecInput withPaths(SpecInput input, PodPaths paths) {
    return new SpecInput(
        input.pod(), input.container(), input.image(), paths, input.node(), input.user());
  }

  static SpecInput withLabels(SelinuxLabels labels) {
    return withPaths(plain(), paths(namespaces(), Optional.of(labels)));
  }

  static PodSandboxConfig pod() {
    var pod = PodSandboxConfig.newBuilder().setHostname("pod-1");
    pod.getMetadataBuilder().setName("pod-1").setNamespace("default").setUid("uid-1");
    pod.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    return pod.build();
  }

  static ImageConfig image() {
    return image(List.of("IMAGE=1"), List.of("/entry"), List.of("image-arg"), "");
  }

  static ImageConfig image(
      List<String> env, List<String> entrypoint, List<String> cmd, String workingDir) {
    return new ImageConfig(
        "",
        env,
        entrypoint,
        cmd,
        workingDir,
        List.of(),
        Map.of(),
        Optional.empty(),
        "linux",
        "amd64");
  }

  static PodPaths paths() {
    return paths(namespaces(), Optional.empty());
  }

  static PodPaths paths(NamespacePaths namespaces, Optional<SelinuxLabels> labels) {
    return new PodPaths(
        namespaces,
        Path.of("/run/p/shm"),
        Path.of("/run/p/resolv.conf"),
        Path.of("/run/p/hostname"),
        "/pods/p/c",
        ROOTFS,
        ROOTFS.resolveSibling("volumes"),
        labels);
  }

  private static NamespacePaths namespaces() {
    return new NamespacePaths(
        Optional.of(Path.of("/run/p/net")),
        Optional.of(Path.of("/run/p/ipc")),
        Optional.of(Path.of("/run/p/uts")),
        Optional.empty(),
        Optional.empty());
  }

  static NodeFacts node() {
    return node(
        EnumSet.of(
            Feature.SECCOMP, Feature.SWAP_LIMIT, Feature.HUGETLB, Feature.RECURSIVE_READ_ONLY));
  }

  static NodeFacts node(Set<Feature> features) {
    return node(ContainerDefaults.USUAL, features);
  }

  static NodeFacts node(ContainerDefaults defaults, Set<Feature> features) {
    return new NodeFacts(
        defaults, 40, () -> new CpuList("0-3"), () -> new CpuList("0-1"), 512 * 1024, features);
  }

  static ContainerUserIds root() {
    return new ContainerUserIds(0, 0, List.of(0), "/root");
  }
}
