// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.Stream;
import java.io.ByteArrayOutputStream;

/// What a command printed (cut at the limit) and how it ended.
@SuppressWarnings("ArrayRecordComponent") // bytes, never compared
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr) {
  /// Waits for the command's end.
  public static ExecResult of(MonitorClient client, ExecRequest request) throws MonitorException {
    return of(output -> client.execSync(request, output));
  }

  interface Exec {
    int run(ExecOutput output) throws MonitorException;
  }

  static ExecResult of(Exec exec) throws MonitorException {
    var stdout = new ByteArrayOutputStream();
    var stderr = new ByteArrayOutputStream();
    int code =
        exec.run((stream, bytes) -> (stream == Stream.STDERR ? stderr : stdout).writeBytes(bytes));
    return new ExecResult(code, stdout.toByteArray(), stderr.toByteArray());
  }
}
