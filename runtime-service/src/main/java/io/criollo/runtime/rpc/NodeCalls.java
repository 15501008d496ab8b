// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.node.RuntimeConfig;
import io.criollo.runtime.node.Status;
import io.criollo.runtime.node.UpdateRuntimeConfig;
import io.criollo.runtime.node.Version;

/// The use cases about the node.
public record NodeCalls(
    Version version, Status status, RuntimeConfig runtimeConfig, UpdateRuntimeConfig update) {}
