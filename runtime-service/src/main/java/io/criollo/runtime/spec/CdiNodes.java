// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.LinuxException;
import io.criollo.runtime.cdi.CdiEdits.DeviceNode;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Device nodes of the Container Device Interface. What the description leaves open is as on the
/// host; the owner is then the container's user, who is to use them.
final class CdiNodes {
  private static final int USUAL_MODE = 0666;
  private static final String PIPE = "p";

  private CdiNodes() {}

  /// {@return these devices, with those of the description in place of their namesakes}
  static HostDevices with(HostDevices own, List<DeviceNode> nodes, ContainerUserIds user) {
    if (nodes.isEmpty()) {
      return own;
    }
    var all = new ArrayList<>(own.nodes());
    var access = new HashMap<>(own.access());
    for (var node : nodes) {
      all.removeIf(one -> one.path().equals(node.path()));
      all.add(device(node, user));
      access.put(node.path(), access(node.permissions()));
    }
    return new HostDevices(all, access);
  }

  private static String access(@Nullable String permissions) {
    if (permissions == null || permissions.isEmpty()) {
      return "rwm";
    }
    return permissions.equals("none") ? "" : permissions;
  }

  private static OciLinux.Device device(DeviceNode node, ContainerUserIds user) {
    var type = node.type() == null ? "" : node.type();
    boolean whole = !type.isEmpty() && (type.equals(PIPE) || number(node.major()) != 0);
    return whole
        ? made(node, user, type, number(node.major()), number(node.minor()))
        : likeHost(node, user, type);
  }

  private static OciLinux.Device likeHost(DeviceNode node, ContainerUserIds user, String type) {
    var from = node.hostPath() == null ? node.path() : node.hostPath();
    try {
      var found = HostDevices.node(Path.of(from), node.path());
      if (found.isEmpty() || (!type.isEmpty() && !type.equals(found.get().type()))) {
        throw refused(from, type.isEmpty() ? "is no device" : "is no device of type " + type);
      }
      return made(node, user, found.get().type(), found.get().major(), found.get().minor());
    } catch (LinuxException e) {
      throw refused(from, String.valueOf(e.getMessage()));
    }
  }

  private static OciLinux.Device made(
      DeviceNode node, ContainerUserIds user, String type, int major, int minor) {
    return new OciLinux.Device(
        node.path(),
        type,
        major,
        minor,
        node.fileMode() == null ? USUAL_MODE : node.fileMode(),
        node.uid() == null ? user.uid() : node.uid(),
        node.gid() == null ? user.gid() : node.gid());
  }

  private static int number(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static Refusal refused(String path, String why) {
    return new Refusal.FailedPrecondition("config.CDI_devices: device node " + path + ": " + why);
  }
}
