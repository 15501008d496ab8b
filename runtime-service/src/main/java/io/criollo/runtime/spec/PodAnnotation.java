// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An annotation by which a pod asks for something, where its handler allows it: CRI-O's name, and
/// the older one.
public enum PodAnnotation {
  CGROUP_WRITABLE(
      "cgroup2-mount-hierarchy-rw.crio.io", "io.kubernetes.cri-o.cgroup2-mount-hierarchy-rw"),
  DEVICES("devices.crio.io", "io.kubernetes.cri-o.Devices"),
  SHM_SIZE("shm-size.crio.io", "io.kubernetes.cri-o.ShmSize"),
  UMASK("umask.crio.io", "io.kubernetes.cri-o.umask"),
  UNIFIED_CGROUP("unified-cgroup.crio.io", "io.kubernetes.cri-o.UnifiedCgroup");

  /// Has one name only; `/` and a container's name may follow it.
  static final String TRACE = "io.containers.trace-syscall";

  private final String key;
  private final String older;

  PodAnnotation(String key, String older) {
    this.key = key;
    this.older = older;
  }

  String key() {
    return key;
  }

  /// {@return the field that a message about it names}
  public String field() {
    return "config.annotations " + key;
  }

  /// {@return its value for the pod}
  ///
  /// @param annotations those that have an effect
  public Optional<String> in(Map<String, String> annotations) {
    return first(annotations, key, older);
  }

  /// {@return its value for one container of the pod}
  Optional<String> in(Map<String, String> annotations, String container) {
    return first(
        annotations, key + "/" + container, older + "/" + container, older + "." + container);
  }

  /// {@return all names of all}
  static Set<String> names() {
    return Stream.concat(
            Arrays.stream(values()).flatMap(each -> Stream.of(each.key, each.older)),
            Stream.of(TRACE))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<String> first(Map<String, String> annotations, String... keys) {
    return Arrays.stream(keys).filter(annotations::containsKey).map(annotations::get).findFirst();
  }
}
