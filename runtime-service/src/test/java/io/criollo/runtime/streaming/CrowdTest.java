// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many clients at once, each within its own limits.
@Timeout(120)
class CrowdTest {
  private static final int CLIENTS = 300;
  private static final int MEBIBYTE = 1 << 20;
  private static final Duration QUIET = Duration.ofSeconds(1);

  @Test
  void aCrowdWhoseInputNobodyTakesCostsLittleMoreThanItsCommonBudget() throws Exception {
    var clients = new ArrayList<RawWebSocket>();
    try (var deaf = TestServer.running(p -> p.sizes.take().width())) {
      try {
        var sent = new AtomicLong();
        for (int i = 0; i < CLIENTS; i++) {
          var client = RawWebSocket.connect(deaf.exec("io"), "v5.channel.k8s.io");
          clients.add(client);
          Thread.ofVirtual().start(() -> send(client, sent));
        }
        awaitQuiet(sent);

        assertThat(PlatformDependent.usedDirectMemory())
            .isBetween(60L * MEBIBYTE, 150L * MEBIBYTE); // 170 without the budget
      } finally {
        for (var client : clients) {
          client.close();
        }
      }
      assertThat(deaf.started).hasSize(CLIENTS);
      for (var process : deaf.started) {
        process.released.await();
      }
    }
  }

  private static void send(RawWebSocket client, AtomicLong sent) {
    var input = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.BINARY, new byte[60_000]);
    try {
      for (int i = 0; i < 20; i++) {
        client.raw(input);
        sent.addAndGet(input.length);
      }
    } catch (IOException e) {
      // closed by the test
    }
  }

  /// Waits until all are held back, or have sent all.
  private static void awaitQuiet(AtomicLong sent) throws InterruptedException {
    long seen = -1;
    while (sent.get() != seen) {
      seen = sent.get();
      Thread.sleep(QUIET);
    }
  }
}
