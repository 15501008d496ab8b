// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.image.mount.RootFilesystems;

/// The makers of what a container consists of.
public record ContainerParts(
    ContainerImages images,
    RootFilesystems roots,
    Bundles bundles,
    Runtimes runtimes,
    MonitorClient monitor,
    Exits exits,
    Remains remains) {}
