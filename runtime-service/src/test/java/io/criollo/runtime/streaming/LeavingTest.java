// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that leave while their process is being started.
@Timeout(60)
class LeavingTest {
  @Test
  void aProcessWhoseClientHasLeftMeanwhileIsHungUp() throws Exception {
    var entered = new CountDownLatch(1);
    try (var server =
        TestServer.opening(() -> {
          entered.countDown();
          Thread.sleep(1_000); // a start takes a moment; an interrupt ends it
          return FakeProcess.start(p -> p.stdin.read());
        })) {
      var client = SpdyClient.connect(server.exec("io"), TestServer.V4);
      client.openTyped("error");
      client.openTyped("stdin");
      client.openTyped("stdout");
      entered.await();

      client.cut();

      var process = server.started.poll(20, TimeUnit.SECONDS);
      assertThat(process).as("the process that was started").isNotNull();
      assertThat(process.released.await(20, TimeUnit.SECONDS)).as("is hung up").isTrue();
      assertThat(process.left()).as("as its user did, not the daemon").isFalse();
    }
  }

  @Test
  void aDaemonThatStopsDoesNotWaitForAStart() throws Exception {
    var entered = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    TestServer.Start endless =
        () -> {
          entered.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return FakeProcess.start(p -> 0);
        };
    var server = TestServer.opening(endless);
    try (var client = SpdyClient.connect(server.exec("o"), TestServer.V4)) {
      client.openTyped("error");
      client.openTyped("stdout");
      entered.await();
    }

    server.close();

    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
