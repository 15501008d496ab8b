// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.runtime.state.Refusal;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which kernel parameters a pod may set: those that belong to a namespace of its own.
final class Sysctls {
  private static final System.Logger LOG = System.getLogger(Sysctls.class.getName());

  private static final Set<String> OF_IPC =
      Set.of(
          "kernel.auto_msgmni",
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced");

  private Sysctls() {}

  /// {@return what a pod sets, and before it those of the configuration that fit the pod}
  static Map<String, String> of(PodSandboxConfig config, Map<String, String> defaults) {
    var all = new TreeMap<String, String>();
    defaults.forEach((name, value) -> {
      try {
        all.put(checked(name, config), value);
      } catch (Refusal.InvalidArgument e) {
        LOG.log(Level.WARNING, "default_sysctls is left out for a pod: {0}", e.getMessage());
      }
    });
    all.putAll(checked(config));
    return all;
  }

  /// {@return the parameters with dots between their parts, checked}
  static Map<String, String> checked(PodSandboxConfig config) {
    var all = new TreeMap<String, String>();
    config
        .getLinux()
        .getSysctlsMap()
        .forEach((name, value) -> all.put(checked(name, config), given(name, value)));
    return all;
  }

  /// The kernel would take nothing for no write.
  private static String given(String name, String value) {
    if (value.isEmpty()) {
      throw refused(name + "=", "has no value");
    }
    return value;
  }

  private static String checked(String given, PodSandboxConfig config) {
    var name = dotted(given);
    boolean network = name.startsWith("net.");
    boolean ipc = OF_IPC.contains(name) || name.startsWith("fs.mqueue.");
    if (!network && !ipc) {
      throw refused(given, "does not belong to a namespace of the pod");
    }
    if (network && PodNamespaces.hostNetwork(config)) {
      throw refused(given, "is not allowed with the node's network");
    }
    if (ipc && PodNamespaces.hostIpc(config)) {
      throw refused(given, "is not allowed with the node's IPC namespace");
    }
    if (name.contains("..")
        || name.endsWith(".")
        || name.chars().anyMatch(Character::isISOControl)) {
      throw refused(given, "is not the name of a kernel parameter");
    }
    return name;
  }

  /// Both forms of sysctl(8): the first separator tells which one separates.
  private static String dotted(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    if (slash < 0 || (dot >= 0 && dot < slash)) {
      return name;
    }
    return name.replace('.', '\0').replace('/', '.').replace('\0', '/');
  }

  private static Refusal refused(String name, String why) {
    return new Refusal.InvalidArgument("config.linux.sysctls", name, why);
  }
}
