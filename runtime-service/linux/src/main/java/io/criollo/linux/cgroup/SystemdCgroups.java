// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// cgroups that the node's systemd owns: pods are slices, containers are scopes, which the OCI
/// runtime asks for. Limits are written to the files, where the kernel checks them, and told to
/// systemd, which writes them again when it is reloaded.
public final class SystemdCgroups implements CgroupDriver {
  private static final String OWN = "/criollo.slice";
  private static final String PREFIX = "criollo-";
  private static final String SCOPE = ".scope";

  private final Cgroupfs files;
  private final SystemdUnits units = new SystemdUnits();

  public SystemdCgroups(Cgroupfs files) {
    this.files = files;
  }

  /// {@return whether systemd is this node's init}
  public static boolean possible() {
    return SystemdUnits.booted();
  }

  @Override
  public Cgroup at(String path) throws LinuxException {
    return files.at(path);
  }

  /// The kubelet sends the whole path, others the slice alone; the name says all.
  @Override
  public String parent(String named) throws LinuxException {
    return Slices.path(named);
  }

  @Override
  public String ofPod(String id) {
    return OWN + "/" + PREFIX + id + Slices.SUFFIX;
  }

  @Override
  public List<String> pods() throws LinuxException {
    var own = at(OWN);
    if (!own.exists()) {
      return List.of();
    }
    return own.children().stream()
        .map(Cgroup::name)
        .filter(name -> name.startsWith(PREFIX) && name.endsWith(Slices.SUFFIX))
        .map(name -> name.substring(PREFIX.length(), name.length() - Slices.SUFFIX.length()))
        .toList();
  }

  @Override
  public String ofContainer(String podCgroup, String id) throws LinuxException {
    if (!podCgroup.endsWith(Slices.SUFFIX)) {
      throw new LinuxException(
          Errno.EINVAL,
          "make a container in cgroup " + podCgroup,
          "the pod was made while cgroup_manager was cgroupfs; it is systemd now");
    }
    return scope(podCgroup, id);
  }

  static String scope(String podCgroup, String id) {
    return podCgroup + "/" + PREFIX + id + SCOPE;
  }

  @Override
  public String forRuntime(String path) {
    var scope = Slices.unit(path);
    var slice = Slices.unit(path.substring(0, path.lastIndexOf('/')));
    int dash = PREFIX.length();
    return slice
        + ":"
        + PREFIX.substring(0, dash - 1)
        + ":"
        + scope.substring(dash, scope.length() - SCOPE.length());
  }

  @Override
  public Cgroup create(String path) throws LinuxException {
    var cgroup = at(path);
    if (!cgroup.exists()) {
      units.startSlice(Slices.unit(path));
    }
    return cgroup;
  }

  @Override
  public String highestMissing(String path) throws LinuxException {
    return Missing.highest(this, path, OWN);
  }

  /// A file that is not there comes with its controller, which systemd turns on.
  @Override
  public CgroupUpdate update(String path, Map<String, String> values) throws LinuxException {
    var cgroup = at(path);
    var unit = Slices.unit(path);
    if (values.keySet().stream().anyMatch(file -> !cgroup.has(file))) {
      units.set(unit, UnitProperties.of(values));
    }
    return CgroupUpdate.write(
        cgroup, values, written -> units.set(unit, UnitProperties.of(written)));
  }

  @Override
  public void remove(String path, Duration timeout) throws LinuxException {
    var cgroup = at(path);
    if (path.endsWith(Slices.SUFFIX)) {
      stop(path);
    }
    cgroup.remove(timeout);
  }

  @Override
  public void removeShared() throws LinuxException {
    var own = at(OWN);
    if (own.exists() && own.children().isEmpty()) {
      stop(OWN);
    }
  }

  private void stop(String path) throws LinuxException {
    if (at(path).exists()) {
      units.stop(Slices.unit(path));
    }
  }
}
