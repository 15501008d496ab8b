// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.nio.file.Path;
import java.util.Optional;

/// Where the pod's namespaces and files lie on the host, and the container's own tree.
///
/// @param shm the directory behind `/dev/shm`
/// @param cgroupPath as the OCI runtime's cgroup driver wants it
/// @param rootfs the mounted root file system
/// @param volumes the folder, yet to be made, for volumes of the image that are not in it
/// @param labels what SELinux knows the container by; absent: the node has none
public record PodPaths(
    NamespacePaths namespaces,
    Path shm,
    Path resolvConf,
    Path hostname,
    String cgroupPath,
    Path rootfs,
    Path volumes,
    Optional<SelinuxLabels> labels) {}
