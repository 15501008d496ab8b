// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.nio.file.Path;
import java.util.List;

/// Where everything of the daemon is. {@code root} survives a reboot, {@code run} does not.
///
/// @param logs of pods for which the kubelet names no folder
public record Layout(Path root, Path run, Path logs) {
  public Layout {
    if (!root.isAbsolute() || !run.isAbsolute()) {
      throw new Refusal.InvalidArgument("root and runroot", root + ", " + run, "must be absolute");
    }
  }

  /// {@return the folders that root of a user namespace, who is nobody on the node, passes through
  /// to the files of its own pod}
  public List<Path> passable() {
    return List.of(root, run, containers(), podFiles());
  }

  /// {@return the folders that are for the daemon alone}
  public List<Path> secret() {
    return List.of(
        pods(),
        quarantine(),
        cniCache(),
        monitorState(),
        namespaces(),
        bundles(),
        run.resolve("runtime"));
  }

  public Path pods() {
    return root.resolve("pods");
  }

  public Path containers() {
    return root.resolve("containers");
  }

  /// Files of state that could not be read are moved here.
  public Path quarantine() {
    return root.resolve("quarantine");
  }

  public Path cniCache() {
    return root.resolve("cni");
  }

  /// The ranges of addresses of the node's pods, as the kubelet told them last.
  public Path podCidr() {
    return root.resolve("pod-cidr");
  }

  public Path monitorState() {
    return root.resolve("monitor");
  }

  public Path monitorSocket() {
    return run.resolve("monitor.sock");
  }

  public Path lock() {
    return run.resolve("lock");
  }

  /// The pinned namespaces of all pods.
  public Path namespaces() {
    return run.resolve("ns");
  }

  public Path namespaces(PodId pod) {
    return namespaces().resolve(pod.hex());
  }

  /// The files that containers of a pod share, one folder per pod.
  public Path podFiles() {
    return run.resolve("pods");
  }

  public Path podFiles(PodId pod) {
    return podFiles().resolve(pod.hex());
  }

  public Path shm(PodId pod) {
    return podFiles(pod).resolve("shm");
  }

  public Path resolvConf(PodId pod) {
    return podFiles(pod).resolve("resolv.conf");
  }

  public Path hostname(PodId pod) {
    return podFiles(pod).resolve("hostname");
  }

  /// The OCI bundles of all containers.
  public Path bundles() {
    return run.resolve("containers");
  }

  public Path bundle(ContainerId container) {
    return bundles().resolve(container.hex());
  }

  /// The logs of a pod for which the kubelet names no folder.
  public Path logs(PodId pod) {
    return logs.resolve(pod.hex());
  }

  /// What the daemon remembers of OCI runtimes that containers were made with.
  public Path runtimes() {
    return run.resolve("runtimes.json");
  }

  /// What AppArmor was told last.
  public Path appArmorProfile() {
    return run.resolve("apparmor-profile");
  }

  /// The root file system of the inits of pods.
  public Path initRoot() {
    return run.resolve("init");
  }

  /// The state folder of an OCI runtime ({@code --root}).
  public Path runtimeRoot(String handler) {
    return run.resolve("runtime").resolve(handler);
  }
}
