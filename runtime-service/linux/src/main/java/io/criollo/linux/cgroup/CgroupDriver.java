// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;

/// How cgroups come to be.
public sealed interface CgroupDriver permits Cgroupfs {
  /// {@return a handle on the cgroup at `path`, which need not exist}
  ///
  /// @param path from the root of the hierarchy, as `/kubepods/pod1`
  /// @throws LinuxException EINVAL for a path with `..`, an empty part or control characters
  Cgroup at(String path) throws LinuxException;

  /// Makes the cgroup and those above it, where they do not exist, and enables cpuset, cpu, io,
  /// memory, hugetlb and pids, as far as the kernel has them, all the way down to it.
  ///
  /// @throws LinuxException EBUSY when a cgroup on the way holds processes itself
  Cgroup create(String path) throws LinuxException;
}
