// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// Who is at the other end of a Unix socket, as of its connect (SO_PEERCRED).
public record PeerCredentials(int pid, int uid, int gid) {}
