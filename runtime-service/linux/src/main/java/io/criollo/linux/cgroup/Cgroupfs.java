// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.StatFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes directories below the mount of cgroup v2 itself.
public record Cgroupfs(Path root) implements CgroupDriver {
  private static final String OWN = "/criollo";
  private static final String CONTROLLERS = "cgroup.controllers";

  /// Those that limits or statistics need; a kernel may have fewer.
  private static final Set<String> WANTED =
      Set.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids");

  private static final String ENABLED = "cgroup.subtree_control";

  /// Opens the hierarchy at `/sys/fs/cgroup`.
  public static Cgroupfs open() throws LinuxException {
    return open(Path.of("/sys/fs/cgroup"));
  }

  /// Opens the hierarchy mounted at `root`.
  ///
  /// @throws LinuxException ENODEV when it is not cgroup v2
  public static Cgroupfs open(Path root) throws LinuxException {
    if (StatFs.of(root).type() != StatFs.CGROUP2_MAGIC) {
      throw new LinuxException(
          Errno.ENODEV,
          "use cgroups at " + root,
          "cgroup v2 is not mounted there; version 1 is not supported");
    }
    return new Cgroupfs(root);
  }

  @Override
  public Cgroup at(String path) throws LinuxException {
    var directory = root;
    for (var part : parts(path)) {
      directory = directory.resolve(part);
    }
    return new Cgroup(directory);
  }

  @Override
  public String parent(String named) throws LinuxException {
    var path = Path.of(named).normalize().toString();
    if (path.endsWith(".slice")) {
      throw new LinuxException(
          Errno.EINVAL,
          "use '" + named + "'",
          "it is a slice of systemd, and cgroup_manager is cgroupfs");
    }
    return path;
  }

  @Override
  public String ofPod(String id) {
    return OWN + "/" + id;
  }

  @Override
  public List<String> pods() throws LinuxException {
    var own = at(OWN);
    return own.exists() ? own.children().stream().map(Cgroup::name).toList() : List.of();
  }

  @Override
  public String ofContainer(String podCgroup, String id) {
    return folder(podCgroup, id);
  }

  static String folder(String podCgroup, String id) {
    return podCgroup + "/criollo-" + id;
  }

  @Override
  public String forRuntime(String path) {
    return path;
  }

  @Override
  public String highestMissing(String path) throws LinuxException {
    return Missing.highest(this, path, OWN);
  }

  @Override
  public CgroupUpdate update(String path, Map<String, String> values) throws LinuxException {
    return CgroupUpdate.write(at(path), values);
  }

  @Override
  public void remove(String path, Duration timeout) throws LinuxException {
    at(path).remove(timeout);
  }

  @Override
  public void removeShared() throws LinuxException {
    try {
      Files.deleteIfExists(at(OWN).path());
    } catch (IOException _) {
      // other pods are in it
    }
  }

  @Override
  public Cgroup create(String path) throws LinuxException {
    var cgroup = new Cgroup(root);
    for (var part : parts(path)) {
      enable(cgroup);
      cgroup = child(cgroup, part);
    }
    return cgroup;
  }

  private static Cgroup child(Cgroup parent, String name) throws LinuxException {
    try (var dir = DirFd.open(parent.path())) {
      dir.mkdir(name, 0755);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw new LinuxException(e.errno(), "make cgroup " + parent.path().resolve(name), "");
      }
    }
    return new Cgroup(parent.path().resolve(name));
  }

  private static void enable(Cgroup cgroup) throws LinuxException {
    var enabled = words(cgroup.read(ENABLED));
    for (var controller : words(cgroup.read(CONTROLLERS))) {
      if (WANTED.contains(controller) && !enabled.contains(controller)) {
        enable(cgroup, controller);
      }
    }
  }

  private static void enable(Cgroup cgroup, String controller) throws LinuxException {
    try {
      cgroup.write(ENABLED, "+" + controller);
    } catch (LinuxException e) {
      var detail =
          e.errno() == Errno.EBUSY ? "it holds processes itself, which must move to a leaf" : "";
      throw new LinuxException(
          e.errno(), "enable controller " + controller + " below " + cgroup.path(), detail);
    }
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
  }

  static List<String> parts(String path) throws LinuxException {
    var parts = new ArrayList<String>();
    for (var part : (path.startsWith("/") ? path.substring(1) : path).split("/", -1)) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.chars().anyMatch(c -> c < ' ')) {
        throw new LinuxException(Errno.EINVAL, "name cgroup '" + path.strip() + "'", "");
      }
      parts.add(part);
    }
    return parts;
  }
}
