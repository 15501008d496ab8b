// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// A process of the node: pid and start time (clock ticks since boot) name it for ever.
public record LiveProcess(long pid, long startTime) {}
