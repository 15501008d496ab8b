// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Hostname;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Namespace;
import io.criollo.linux.NetNs;
import io.criollo.linux.Network;
import io.criollo.linux.Sysctl;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The namespaces that a pod's containers share, kept by bind mounts. With the node's network a pod
/// has no network and UTS namespace of its own.
public final class PodNamespaces {
  private final Layout layout;
  private final Map<String, String> sysctls;

  /// @param sysctls kernel parameters of every pod that does not set them itself
  public PodNamespaces(Layout layout, Map<String, String> sysctls) {
    this.layout = layout;
    this.sysctls = Map.copyOf(sysctls);
  }

  void pin(PodId id, PodSandboxConfig config, String hostname)
      throws IOException, InterruptedException {
    var kinds = kinds(config);
    if (kinds.isEmpty()) {
      return;
    }
    var wanted = Sysctls.of(config, sysctls);
    var dir = Files.createDirectories(layout.namespaces(id));
    NetNs.pin(kinds, dir, () -> setUp(kinds, hostname, wanted, Optional.empty()));
  }

  /// Sets up those that another process has made and pinned.
  void setUpPinned(PodId id, PodSandboxConfig config, String hostname) throws IOException {
    var kinds = kinds(config);
    var wanted = Sysctls.of(config, sysctls);
    var users = UserNs.of(config);
    NetNs.within(kinds, layout.namespaces(id), () -> setUp(kinds, hostname, wanted, users));
  }

  /// Lets them go; what is not there is no error.
  public void unpin(PodId id) throws IOException {
    var dir = layout.namespaces(id);
    if (Files.exists(dir)) {
      NetNs.unpin(dir);
      DirFd.removeTree(dir);
    }
  }

  /// {@return the pod's pinned network namespace, empty when it is the node's}
  public Optional<Path> network(PodRecord pod) {
    return pod.hostNetwork()
        ? Optional.empty()
        : Optional.of(layout.namespaces(pod.id()).resolve(Namespace.NET.file()));
  }

  /// {@return whether all that the pod needs is there: not after a reboot}
  public boolean arePinned(PodRecord pod) throws LinuxException {
    for (var kind : kinds(pod.config())) {
      if (!NetNs.isPinned(layout.namespaces(pod.id()).resolve(kind.file()))) {
        return false;
      }
    }
    return true;
  }

  static boolean hostNetwork(PodSandboxConfig config) {
    return options(config).getNetwork() == NamespaceMode.NODE;
  }

  static boolean hostIpc(PodSandboxConfig config) {
    return options(config).getIpc() == NamespaceMode.NODE;
  }

  /// {@return those that a pod shares and that are not the node's}
  static Set<Namespace> kinds(PodSandboxConfig config) {
    var kinds = EnumSet.noneOf(Namespace.class);
    if (!hostNetwork(config)) {
      kinds.add(Namespace.NET);
      kinds.add(Namespace.UTS);
    }
    if (!hostIpc(config)) {
      kinds.add(Namespace.IPC);
    }
    return kinds;
  }

  private static void setUp(
      Set<Namespace> kinds, String hostname, Map<String, String> sysctls, Optional<UserNs> users)
      throws IOException {
    if (kinds.contains(Namespace.UTS)) {
      Hostname.set(hostname);
    }
    if (kinds.contains(Namespace.NET)) {
      Network.loopbackUp();
    }
    for (var sysctl : sysctls.entrySet()) {
      set(sysctl.getKey(), sysctl.getValue(), users);
    }
  }

  private static void set(String name, String value, Optional<UserNs> users) throws LinuxException {
    try {
      if (users.isPresent()) {
        Sysctl.set(name, value, users.get().rootUid());
      } else {
        Sysctl.set(name, value);
      }
    } catch (LinuxException e) {
      switch (e.errno()) {
        case Errno.EINVAL,
            Errno.ENOENT,
            Errno.ERANGE,
            Errno.EISDIR,
            Errno.ENOTDIR,
            Errno.ENAMETOOLONG,
            Errno.EACCES,
            Errno.EPERM ->
            throw new Refusal.InvalidArgument(
                "config.linux.sysctls", name + "=" + value, String.valueOf(e.getMessage()));
        default -> throw e;
      }
    }
  }

  private static NamespaceOption options(PodSandboxConfig config) {
    return config.getLinux().getSecurityContext().getNamespaceOptions();
  }
}
