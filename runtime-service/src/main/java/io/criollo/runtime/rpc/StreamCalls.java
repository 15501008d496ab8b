// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.container.Exec;
import io.criollo.runtime.streaming.StreamingServer;

/// The use cases that answer with a URL.
public record StreamCalls(Exec containers, StreamingServer server) {}
