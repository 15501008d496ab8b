// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// Whose the pipes of a container's streams are, by numbers of the host: the root of its user
/// namespace, which else could not give them to the container's user, and nobody there could open
/// `/dev/stdout`.
public record StreamOwner(int uid, int gid) {
  public static final StreamOwner ROOT = new StreamOwner(0, 0);
}
