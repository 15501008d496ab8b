// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.PodSandboxConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What annotations do for the containers of one handler (crio.conf(5), default_annotations and
/// allowed_annotations). Names of CRI-O's that are not allowed have no effect, with all that begins
/// with them.
///
/// @param defaults of the specification and of pods, unless the request has the same key
/// @param allowed names that pods may use, among those that [#requireKnown] knows
public record AnnotationRules(Map<String, String> defaults, Set<String> allowed) {
  /// Nothing is given and nothing allowed.
  public static final AnnotationRules NONE = new AnnotationRules(Map.of(), Set.of());

  /// What a handler allows that no file mentions, as CRI-O's default one does.
  public static final Set<String> USUALLY_ALLOWED =
      Set.of(PodAnnotation.TRACE, PodAnnotation.DEVICES.key());

  /// They reach the OCI runtime as they are.
  private static final Set<String> FOR_RUNTIMES =
      Set.of(
          "bundle",
          "io.kubernetes.cri.container-type",
          "module.wasm.image/variant",
          "org.criu.config",
          "org.systemd.property.",
          "run.oci.");

  /// What they ask for is so anyway: no file for FIPS is added to containers, and the image says
  /// its signal itself.
  private static final Set<String> NEEDLESS =
      Set.of(
          "disable-fips.crio.io",
          "io.kubernetes.cri-o.DisableFIPS",
          "org.opencontainers.image.stopSignal");

  /// CRI-O acts on them, Criollo does not.
  private static final Set<String> FOREIGN =
      Set.of(
          "cpu-c-states.crio.io",
          "cpu-freq-governor.crio.io",
          "cpu-load-balancing.crio.io",
          "cpu-quota.crio.io",
          "cpu-shared.crio.io",
          "io.kubernetes.cri-o.LinkLogs",
          "io.kubernetes.cri-o.PlatformRuntimePath",
          "io.kubernetes.cri-o.PodLinuxOverhead",
          "io.kubernetes.cri-o.PodLinuxResources",
          "io.kubernetes.cri-o.Spoofed",
          "io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel",
          "io.kubernetes.cri-o.seccompNotifierAction",
          "io.kubernetes.cri-o.userns-mode",
          "io.kubernetes.cri.rdt-class",
          "irq-load-balancing.crio.io",
          "link-logs.crio.io",
          "platform-runtime-path.crio.io",
          "pod-linux-overhead.crio.io",
          "pod-linux-resources.crio.io",
          "seccomp-notifier-action.crio.io",
          "seccomp-profile.crio.io",
          "seccomp-profile.kubernetes.cri-o.io",
          "spoofed.crio.io",
          "try-skip-volume-selinux-label.crio.io",
          "userns-mode.crio.io");

  private static final Set<String> KNOWN =
      Stream.of(PodAnnotation.names(), FOR_RUNTIMES, NEEDLESS, FOREIGN)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  public AnnotationRules {
    defaults = Map.copyOf(defaults);
    allowed = Set.copyOf(allowed);
  }

  /// Checks a name that a configuration allows.
  ///
  /// @throws IllegalArgumentException for a name that CRI-O does not know either
  public static void requireKnown(String name) {
    if (!KNOWN.contains(name)) {
      throw new IllegalArgumentException(
          "must be annotations such as " + PodAnnotation.SHM_SIZE.key() + ", has " + name);
    }
  }

  /// {@return whether allowing it does anything here}
  public static boolean hasEffect(String name) {
    return !FOREIGN.contains(name);
  }

  /// {@return those that hold for a pod: its own as far as they may, and the handler's}
  public Map<String, String> ofPod(PodSandboxConfig pod) {
    var all = new HashMap<>(defaults);
    all.putAll(admitted(pod.getAnnotationsMap()));
    return all;
  }

  /// {@return those of a request that may have an effect}
  Map<String, String> admitted(Map<String, String> annotations) {
    var admitted = new HashMap<>(annotations);
    admitted.keySet().removeIf(key -> KNOWN.stream().anyMatch(name -> forbids(name, key)));
    return admitted;
  }

  private boolean forbids(String name, String key) {
    return !allowed.contains(name) && isOf(name, key);
  }

  /// {@return whether the operator lets pods steer the OCI runtime by this one}
  boolean letsSteer(String key) {
    return FOR_RUNTIMES.stream().anyMatch(name -> allowed.contains(name) && isOf(name, key));
  }

  /// The shortest of them would take in keys that have nothing to do with it.
  private static boolean isOf(String name, String key) {
    return name.equals("bundle") ? key.equals(name) : key.startsWith(name);
  }
}
