// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Annotations of the document. The request's go in, for hooks to read, without those that would
/// steer a runtime (CVE-2024-3154, CVE-2023-6476), that the handler does not allow, or that pass
/// for our own; the image's never do. An operator may steer: what the configuration gives to a
/// handler goes in as it is, and what it allows, of the pod too.
final class AnnotationPart {
  private static final String OWN = "io.criollo.";
  private static final List<String> STEERING_PREFIXES =
      List.of(
          OWN,
          "dev.gvisor.",
          "io.kubernetes.cri-o.",
          "io.kubernetes.cri.",
          "io.katacontainers.",
          "krun.",
          "module.wasm.image/",
          "org.criu.",
          "org.systemd.property.",
          "run.oci.");
  private static final List<String> STEERING_KEYS = List.of("bundle");

  private AnnotationPart() {}

  static Map<String, String> of(SpecInput input) {
    var rules = input.node().defaults().annotations();
    var annotations = new TreeMap<>(rules.defaults());
    input
        .podAnnotations()
        .forEach((key, value) -> {
          if (rules.letsSteer(key)) {
            annotations.put(key, value);
          }
        });
    ofContainer(input)
        .forEach((key, value) -> {
          if (!steers(key) || rules.letsSteer(key)) {
            annotations.put(key, value);
          }
        });
    annotations.putAll(own(input));
    annotations.putAll(forCgroup(input.paths().cgroupPath()));
    return annotations;
  }

  /// {@return the request's as far as they have an effect} The pod names its container that is to
  /// be traced; the hook that does it looks at the container alone (oci-seccomp-bpf-hook).
  static Map<String, String> ofContainer(SpecInput input) {
    var rules = input.node().defaults().annotations();
    var annotations = new HashMap<>(rules.admitted(input.container().getAnnotationsMap()));
    var name = input.container().getMetadata().getName();
    var traced = input.podAnnotations().get(PodAnnotation.TRACE + "/" + name);
    if (traced != null) {
      annotations.put(PodAnnotation.TRACE, traced);
    }
    return annotations;
  }

  /// In a scope of systemd crun makes another cgroup for the processes, which keeps them from the
  /// files that are read here.
  static Map<String, String> forCgroup(String path) {
    return path.startsWith("/") ? Map.of() : Map.of("run.oci.systemd.subgroup", "");
  }

  private static Map<String, String> own(SpecInput input) {
    var pod = input.pod().getMetadata();
    return Map.of(
        OWN + "container.name", input.container().getMetadata().getName(),
        OWN + "pod.name", pod.getName(),
        OWN + "pod.namespace", pod.getNamespace(),
        OWN + "pod.uid", pod.getUid());
  }

  /// The whole key decides, compared as it is written.
  static boolean steers(String key) {
    return STEERING_KEYS.contains(key) || STEERING_PREFIXES.stream().anyMatch(key::startsWith);
  }
}
