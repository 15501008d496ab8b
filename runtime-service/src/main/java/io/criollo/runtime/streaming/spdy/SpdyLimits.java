// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

/// What one client may ask of one connection: streams open at once, streams reset by it per second
/// on average, bytes of a control frame as sent, and bytes of a stream's headers unpacked.
public record SpdyLimits(int streams, int resetsPerSecond, int controlFrame, int headers) {
  static final SpdyLimits DEFAULT = new SpdyLimits(2_000, 500, 32 * 1024, 16 * 1024);

  /// {@return the usual limits with this many streams}
  public static SpdyLimits ofStreams(int streams) {
    return new SpdyLimits(streams, DEFAULT.resetsPerSecond, DEFAULT.controlFrame, DEFAULT.headers);
  }
}
