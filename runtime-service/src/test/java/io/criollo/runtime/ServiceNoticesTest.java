// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServiceNoticesTest {
  private static final String RELOADING = "RELOADING=1\nMONOTONIC_USEC=";

  @TempDir Path dir;

  @Test
  void theServiceManagerHearsEachStep() throws Exception {
    var path = dir.resolve("notify");
    try (var manager = UnixSockets.bindDatagram(path)) {
      var notices = ServiceNotices.to(path.toString());
      long before = System.nanoTime() / 1_000;
      notices.ready();
      notices.reloading();
      notices.stopping();

      assertThat(message(manager)).isEqualTo("READY=1");
      var reloading = message(manager);
      assertThat(reloading).startsWith(RELOADING);
      assertThat(Long.parseLong(reloading.substring(RELOADING.length())))
          .isBetween(before, before + 30_000_000);
      assertThat(message(manager)).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void withoutAServiceManagerNothingHappens() {
    for (var socket : new String[] {"", "@abstract", dir.resolve("gone").toString()}) {
      assertThatCode(() -> ServiceNotices.to(socket).ready()).doesNotThrowAnyException();
    }
  }

  private static String message(Fd manager) throws LinuxException {
    var buffer = ByteBuffer.allocateDirect(200);
    var _ = UnixSockets.receive(manager, buffer);
    return US_ASCII.decode(buffer.flip()).toString();
  }
}
