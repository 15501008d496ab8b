// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cdi;

import com.fasterxml.jackson.databind.JsonNode;
import io.criollo.runtime.hooks.HookFile;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a device, or all devices of a file, change in a container: the object `containerEdits`.
///
/// @param env lines `NAME=VALUE`
/// @param additionalGids further groups of the process; 0 means none
public record CdiEdits(
    List<String> env,
    List<DeviceNode> deviceNodes,
    List<Mount> mounts,
    List<Hook> hooks,
    List<Integer> additionalGids,
    @Nullable JsonNode netDevices,
    @Nullable JsonNode intelRdt) {
  public static final CdiEdits NONE =
      new CdiEdits(List.of(), List.of(), List.of(), List.of(), List.of(), null, null);

  private static final Set<String> TYPES = Set.of("b", "c", "u", "p");

  public CdiEdits {
    env = present(env);
    deviceNodes = present(deviceNodes);
    mounts = present(mounts);
    hooks = present(hooks);
    additionalGids = present(additionalGids);
  }

  /// A device node that the container gets.
  ///
  /// @param path in the container, and on the host where `hostPath` does not say otherwise
  /// @param permissions of the cgroup: of r, w and m; absent: all; `none`
  public record DeviceNode(
      String path,
      @Nullable String hostPath,
      @Nullable String type,
      @Nullable Integer major,
      @Nullable Integer minor,
      @Nullable Integer fileMode,
      @Nullable String permissions,
      @Nullable Integer uid,
      @Nullable Integer gid) {}

  /// Something of the host that is mounted in the container.
  public record Mount(
      String hostPath, String containerPath, @Nullable String type, List<String> options) {
    public Mount {
      options = present(options);
    }

    public boolean binds() {
      return options.contains("bind") || options.contains("rbind");
    }
  }

  /// A program that the OCI runtime runs at a stage of the container's life.
  public record Hook(
      String hookName,
      String path,
      List<String> args,
      List<String> env,
      @Nullable Integer timeout) {
    public Hook {
      args = present(args);
      env = present(env);
    }
  }

  /// {@return both, the other one later}
  public CdiEdits plus(CdiEdits other) {
    return new CdiEdits(
        joined(env, other.env),
        joined(deviceNodes, other.deviceNodes),
        joined(mounts, other.mounts),
        joined(hooks, other.hooks),
        joined(additionalGids, other.additionalGids),
        null,
        null);
  }

  /// @throws IllegalArgumentException for what cannot be done
  void check() {
    that(netDevices == null || netDevices.isEmpty(), "netDevices is not supported");
    that(intelRdt == null || intelRdt.isEmpty(), "intelRdt is not supported");
    env.forEach(line -> that(line.indexOf('=') > 0, "env " + line + " must be NAME=VALUE"));
    deviceNodes.forEach(CdiEdits::check);
    mounts.forEach(CdiEdits::check);
    hooks.forEach(CdiEdits::check);
  }

  private static void check(DeviceNode node) {
    absolute("deviceNodes.path", node.path);
    if (node.hostPath != null) {
      absolute("deviceNodes.hostPath", node.hostPath);
    }
    that(
        node.type == null || node.type.isEmpty() || TYPES.contains(node.type),
        "deviceNodes.type " + node.type + " must be b, c, u or p");
    that(
        node.permissions == null || node.permissions.matches("none|[rwm]{0,3}"),
        "deviceNodes.permissions " + node.permissions + " must be of r, w and m, or none");
  }

  private static void check(Mount mount) {
    absolute("mounts.containerPath", mount.containerPath);
    that(!String.valueOf(mount.hostPath).isEmpty(), "mounts.hostPath must not be empty");
    that(
        mount.binds() || (mount.type != null && !mount.type.isEmpty()),
        "mounts of " + mount.hostPath + " must have a type, or bind or rbind as an option");
  }

  private static void check(Hook hook) {
    that(
        HookFile.STAGES.contains(hook.hookName),
        "hooks.hookName " + hook.hookName + " is none of " + HookFile.STAGES);
    absolute("hooks.path", hook.path);
    that(
        hook.timeout == null || hook.timeout > 0,
        "hooks.timeout " + hook.timeout + " must be positive");
  }

  private static void absolute(String field, @Nullable String path) {
    that(path != null && path.startsWith("/"), field + " " + path + " must be an absolute path");
  }

  private static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static <T> List<T> present(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
