// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// First message of each side: the newest protocol version it speaks, the oldest, and who it is.
public record Hello(int version, int oldest, long pid) implements Message {
  public static final int VERSION = 1;
  public static final int OLDEST = 1;

  public static Hello mine() {
    return new Hello(VERSION, OLDEST, ProcessHandle.current().pid());
  }

  /// {@return whether some version is spoken by both sides}
  public boolean understands(Hello other) {
    return version >= other.oldest && other.version >= oldest;
  }
}
