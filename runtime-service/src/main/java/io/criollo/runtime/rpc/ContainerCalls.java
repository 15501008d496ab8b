// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.container.ContainerStatus;
import io.criollo.runtime.container.CreateContainer;
import io.criollo.runtime.container.ExecSync;
import io.criollo.runtime.container.ListContainers;
import io.criollo.runtime.container.RemoveContainer;
import io.criollo.runtime.container.ReopenContainerLog;
import io.criollo.runtime.container.StartContainer;
import io.criollo.runtime.container.StopContainer;
import io.criollo.runtime.container.UpdateContainerResources;
import io.criollo.runtime.stats.ContainerUsage;

/// The use cases about containers.
public record ContainerCalls(
    CreateContainer create,
    StartContainer start,
    StopContainer stop,
    RemoveContainer remove,
    ContainerStatus status,
    ListContainers list,
    ExecSync execSync,
    ReopenContainerLog reopenLog,
    UpdateContainerResources update,
    ContainerUsage usage) {}
