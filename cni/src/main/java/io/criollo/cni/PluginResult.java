// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What one plugin of a chain reported.
///
/// @param json as written, for the next plugin and for DEL
record PluginResult(ObjectNode json, CniResult parsed) {}
