// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `linux` object of a `config.json`.
///
/// @param rootfsPropagation set when a mount takes part in propagation
public record OciLinux(
    List<Namespace> namespaces,
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    List<Device> devices,
    String cgroupsPath,
    OciResources resources,
    @Nullable String rootfsPropagation,
    @Nullable OciSeccomp seccomp,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    @Nullable String mountLabel) {
  public OciLinux {
    namespaces = OciJson.present(namespaces);
    uidMappings = OciJson.present(uidMappings);
    gidMappings = OciJson.present(gidMappings);
    devices = OciJson.present(devices);
    maskedPaths = OciJson.present(maskedPaths);
    readonlyPaths = OciJson.present(readonlyPaths);
  }

  /// {@return the same without a namespace of its own or another's of this type}
  OciLinux without(String namespace) {
    var others = namespaces.stream().filter(one -> !one.type.equals(namespace)).toList();
    return new OciLinux(
        others,
        uidMappings,
        gidMappings,
        devices,
        cgroupsPath,
        resources,
        rootfsPropagation,
        seccomp,
        maskedPaths,
        readonlyPaths,
        mountLabel);
  }

  /// A namespace of the container.
  ///
  /// @param path of a namespace to join; none: a new one
  public record Namespace(String type, @Nullable String path) {}

  /// Ids of a user namespace and, from `hostID` on, what they are outside.
  public record IdMapping(long containerID, long hostID, long size) {}

  /// A device node to make.
  ///
  /// @param type "c" or "b"
  /// @param fileMode permission bits
  public record Device(
      String path, String type, int major, int minor, int fileMode, int uid, int gid) {}
}
