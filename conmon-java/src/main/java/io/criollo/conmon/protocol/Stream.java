// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// A standard stream; its `code` is the frame kind of its bytes.
public enum Stream {
  STDIN(1),
  STDOUT(2),
  STDERR(3);

  private final byte code;

  Stream(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static Stream of(byte code) throws ProtocolException {
    return switch (code) {
      case 1 -> STDIN;
      case 2 -> STDOUT;
      case 3 -> STDERR;
      default -> throw new ProtocolException("unknown frame kind " + code);
    };
  }
}
