// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import java.nio.file.Path;

/// The root of a user namespace, to whom a root file system is to belong.
///
/// @param userNs a pin of the namespace, or `/proc/PID/ns/user`
/// @param uid the node's id of its user 0
/// @param gid the node's id of its group 0
public record RootOwner(Path userNs, int uid, int gid) {}
