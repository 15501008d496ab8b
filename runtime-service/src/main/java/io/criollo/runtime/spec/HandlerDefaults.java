// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Optional;

/// What the configuration says of the containers of one handler.
///
/// @param minimumMemory bytes below which none of them can start
/// @param devicesWhenPrivileged whether a privileged one has all devices of the host
/// @param seccomp the profile of "runtime default"; empty: that of all handlers
/// @param execOnFirstCpu whether programs that exec adds start on the first of a container's CPUs
public record HandlerDefaults(
    long minimumMemory,
    boolean devicesWhenPrivileged,
    Optional<DefaultSeccomp> seccomp,
    AnnotationRules annotations,
    boolean execOnFirstCpu) {}
