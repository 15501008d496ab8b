// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How cgroups come to be, and what they are called. Paths go from the top of the hierarchy, as
/// `/kubepods/pod1`.
public sealed interface CgroupDriver permits Cgroupfs, SystemdCgroups {
  /// {@return a handle on the cgroup at `path`, which need not exist}
  ///
  /// @throws LinuxException EINVAL for a path with `..`, an empty part or control characters
  Cgroup at(String path) throws LinuxException;

  /// {@return the path that the kubelet means by a pod's cgroup parent, in its shortest form}
  ///
  /// @throws LinuxException EINVAL when it is written for the other driver
  String parent(String named) throws LinuxException;

  /// {@return the path of the cgroup of a pod that nobody has given one}
  String ofPod(String id);

  /// {@return the ids of pods that have such a cgroup}
  List<String> pods() throws LinuxException;

  /// {@return the path of a container's cgroup}
  ///
  /// @throws LinuxException EINVAL when the pod's cgroup was made by the other driver
  String ofContainer(String podCgroup, String id) throws LinuxException;

  /// {@return the path of the cgroup of a container that was made together with its pod's cgroup,
  /// by whichever driver}
  static String ofContainerBeside(String podCgroup, String id) {
    return podCgroup.endsWith(Slices.SUFFIX)
        ? SystemdCgroups.scope(podCgroup, id)
        : Cgroupfs.folder(podCgroup, id);
  }

  /// {@return a container's cgroup in the words of an OCI specification}
  String forRuntime(String path);

  /// Makes the cgroup and those above it, where they do not exist, with the controllers that limits
  /// and statistics need, as far as the kernel has them.
  ///
  /// @throws LinuxException EBUSY when a cgroup on the way holds processes itself
  Cgroup create(String path) throws LinuxException;

  /// {@return the highest cgroup on a pod's path that does not exist, or empty}
  String highestMissing(String path) throws LinuxException;

  /// Changes files of one cgroup, all or none, for good.
  ///
  /// @return what undoes it
  /// @throws LinuxException what the kernel said to the value that it refused
  CgroupUpdate update(String path, Map<String, String> values) throws LinuxException;

  /// Removes what [#create] made, and all below.
  ///
  /// @throws LinuxException EBUSY when there still are processes after the timeout
  void remove(String path, Duration timeout) throws LinuxException;

  /// Removes the cgroup above all those of [#ofPod], if none is left. Not while one is being made.
  void removeShared() throws LinuxException;
}
