// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// First message of each side: the newest protocol version it speaks, the oldest, and who it is.
public record Hello(int version, int oldest, long pid) implements Message {
  /// 3 brought [Request.Run]; an older monitor says that it does not know it.
  public static final int VERSION = 3;

  /// From this version on a monitor says how much of a session's input was taken, and a daemon has
  /// no more than [#WINDOW] on its way.
  public static final int COUNTED_INPUT = 2;

  /// Bytes of a session's input that may be sent before some are taken. With more the monitor would
  /// stop to listen until the process has taken some, and hear of no resize and no hang-up. To a
  /// busy session the monitor allows more, by saying that it took more than it was sent.
  public static final int WINDOW = 64 << 10;

  public static final int OLDEST = 1;

  public static Hello mine() {
    return new Hello(VERSION, OLDEST, ProcessHandle.current().pid());
  }

  /// {@return the version that both speak}
  public int common(Hello other) {
    return Math.min(version, other.version);
  }

  /// {@return whether some version is spoken by both sides}
  public boolean understands(Hello other) {
    return version >= other.oldest && other.version >= oldest;
  }
}
