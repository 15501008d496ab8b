// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import io.criollo.cri.v1.ContainerUser;

/// What a container was given on the node.
///
/// @param handler the runtime handler, never empty
/// @param logPath absolute, or empty
/// @param cgroup from the top of the cgroup file system
/// @param user what its first process runs as
/// @param stopSignal name of the signal that asks it to end
public record ContainerPlace(
    String handler,
    ContainerImage image,
    String logPath,
    String cgroup,
    ContainerUser user,
    String stopSignal) {}
