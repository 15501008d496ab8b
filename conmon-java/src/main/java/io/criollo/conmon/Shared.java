// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.EventLoop;
import io.criollo.conmon.log.LogBuffers;
import java.nio.file.Path;

/// What all containers of a monitor have in common. `store`, `oom` and `buffers` belong to the I/O
/// thread.
record Shared(
    EventLoop loop,
    FdStore store,
    OomWatches oom,
    ExitRecorder exits,
    LogBuffers buffers,
    SessionBuffers sessionBuffers,
    SessionMemory sessionMemory,
    Path runDir) {}
