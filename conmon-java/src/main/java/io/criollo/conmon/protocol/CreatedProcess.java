// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// The container's first process: pid on the host, and its start time in clock ticks since boot
/// (field 22 of /proc/pid/stat), which together name it for ever.
public record CreatedProcess(long pid, long startTime) implements Reply {}
