// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

/// How large messages may be, in bytes.
///
/// @param received of clients
/// @param sent to clients
public record MessageSizes(int received, int sent) {
  public static final MessageSizes USUAL = new MessageSizes(80 << 20, 80 << 20);
}
