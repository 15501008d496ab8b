// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.sandbox.ListPodSandbox;
import io.criollo.runtime.sandbox.PodSandboxStatus;
import io.criollo.runtime.sandbox.RemovePodSandbox;
import io.criollo.runtime.sandbox.RunPodSandbox;
import io.criollo.runtime.sandbox.StopPodSandbox;
import io.criollo.runtime.sandbox.UpdatePodSandboxResources;
import io.criollo.runtime.stats.PodUsage;
import io.criollo.runtime.stats.metrics.PodMetrics;

/// The use cases about pods.
public record PodCalls(
    RunPodSandbox run,
    StopPodSandbox stop,
    RemovePodSandbox remove,
    PodSandboxStatus status,
    ListPodSandbox list,
    UpdatePodSandboxResources update,
    PodUsage usage,
    PodMetrics metrics) {}
