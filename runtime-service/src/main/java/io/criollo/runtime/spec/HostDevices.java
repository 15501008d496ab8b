// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.Device;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Device nodes of the host that a container gets: those of the configuration, of the pod's
/// annotations and of the request, and all of `/dev` when it is privileged.
///
/// @param access per node that was named, for the device rules
record HostDevices(List<OciLinux.Device> nodes, Map<String, String> access) {
  private static final String FIELD = "config.devices.";

  /// Each of r, w and m once at most.
  static final Pattern ACCESS = Pattern.compile("(?!.*(.).*\\1)[rwm]{0,3}");

  private static final Path DEV = Path.of("/dev");

  /// Made by the OCI runtime for each container, or file systems of their own.
  private static final Set<String> NOT_SHARED =
      Set.of("console", "fd", "mqueue", "ptmx", "pts", "shm");

  private static final int DEEPEST = 8;

  HostDevices {
    nodes = List.copyOf(nodes);
    access = Map.copyOf(access);
  }

  static HostDevices find(SpecInput input) {
    var found = new Found();
    var defaults = input.node().defaults().devices();
    if (input.privileged() && defaults.allWhenPrivileged()) {
      nodesBelow(DEV, "/dev").forEach(node -> found.nodes.put(node.path(), node));
    }
    for (var device : defaults.everyones()) {
      found.add("additional_devices ", device, UnaryOperator.identity());
    }
    for (var device : PodWishes.of(input).devices()) {
      found.add(PodAnnotation.DEVICES.field() + " ", device, UnaryOperator.identity());
    }
    for (var device : input.container().getDevicesList()) {
      found.add(FIELD, device, node -> owned(node, input));
    }
    return new HostDevices(new ArrayList<>(found.nodes.values()), found.access);
  }

  private static final class Found {
    private final Map<String, OciLinux.Device> nodes = new LinkedHashMap<>();
    private final Map<String, String> access = new LinkedHashMap<>();

    /// @param field what messages put before the name of a part of it
    void add(String field, Device device, UnaryOperator<OciLinux.Device> owned) {
      var allowed = access(device);
      for (var node : requested(field, device)) {
        nodes.put(node.path(), owned.apply(node));
        access.put(node.path(), allowed);
      }
    }
  }

  private static OciLinux.Device owned(OciLinux.Device node, SpecInput input) {
    if (!input.node().defaults().devices().ownedByUser()) {
      return node;
    }
    var security = input.security();
    return new OciLinux.Device(
        node.path(),
        node.type(),
        node.major(),
        node.minor(),
        node.fileMode(),
        security.hasRunAsUser() ? (int) security.getRunAsUser().getValue() : node.uid(),
        security.hasRunAsGroup() ? (int) security.getRunAsGroup().getValue() : node.gid());
  }

  static String access(Device device) {
    var access = device.getPermissions();
    Check.that(
        ACCESS.matcher(access).matches(), FIELD + "permissions", access, "must be of r, w and m");
    return access.isEmpty() ? "rwm" : access;
  }

  private static List<OciLinux.Device> requested(String field, Device device) {
    var to = Check.absolutePath(field + "container_path", device.getContainerPath());
    var from = Check.absolutePath(field + "host_path", device.getHostPath());
    try {
      var real = Check.hostPath(field + "host_path", from).toRealPath();
      var nodes = Files.isDirectory(real) ? nodesBelow(real, to) : node(real, to).stream().toList();
      Check.that(
          !nodes.isEmpty(),
          field + "host_path",
          from,
          "must be a device or a directory of devices");
      return nodes;
    } catch (NoSuchFileException _) {
      throw new Refusal.InvalidArgument(field + "host_path", from, "does not exist");
    } catch (IOException e) {
      throw new Refusal.InvalidArgument(
          field + "host_path", from, "must be a device: " + e.getMessage());
    }
  }

  static List<OciLinux.Device> nodesBelow(Path directory, String to) {
    var walk = new Walk(directory, to);
    try {
      Files.walkFileTree(directory, Set.of(), DEEPEST, walk);
    } catch (IOException e) {
      throw new Refusal.FailedPrecondition(
          "list devices in " + directory + ": " + e.getMessage(), e);
    }
    return walk.nodes;
  }

  /// Devices come and go meanwhile.
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final List<OciLinux.Device> nodes = new ArrayList<>();
    private final Path directory;
    private final String to;

    Walk(Path directory, String to) {
      this.directory = directory;
      this.to = to;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return isShared(path) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
        throws LinuxException {
      if (isShared(path) && attributes.isOther()) {
        try {
          node(path, to + "/" + directory.relativize(path)).ifPresent(nodes::add);
        } catch (LinuxException e) {
          if (!e.is(Errno.ENOENT)) {
            throw e;
          }
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
      if (e instanceof NoSuchFileException && !path.equals(directory)) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private boolean isShared(Path path) {
      return !NOT_SHARED.contains(directory.relativize(path).getName(0).toString());
    }
  }

  /// {@return the device at a path of the host; empty when something else is there}
  static Optional<OciLinux.Device> node(Path path, String to) throws LinuxException {
    try (var fd = Fd.open(path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
      var stat = fd.stat();
      return type(stat)
          .map(type ->
              new OciLinux.Device(
                  to,
                  type,
                  stat.rdevMajor(),
                  stat.rdevMinor(),
                  stat.permissions(),
                  stat.uid(),
                  stat.gid()));
    }
  }

  private static Optional<String> type(FileStat stat) {
    return switch (stat.mode() & FileStat.S_IFMT) {
      case FileStat.S_IFCHR -> Optional.of("c");
      case FileStat.S_IFBLK -> Optional.of("b");
      default -> Optional.empty();
    };
  }
}
