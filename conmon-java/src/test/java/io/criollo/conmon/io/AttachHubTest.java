// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttachHubTest {
  private static final int MEBIBYTE = 1 << 20;

  private final AttachHub hub = new AttachHub();

  @Test
  void theEndOfTheContainerIsAGoodEnd() throws Exception {
    AttachHub.Client client = hub.attach();
    hub.offer(Stream.STDOUT, new byte[3]);
    hub.end();
    assertThat(client.take()).contains(new Frame.Data(Stream.STDOUT, new byte[3]));
    assertThat(client.take()).isEmpty();
    assertThat(client.last()).isEqualTo(new Reply.Done());
  }

  @Test
  void whoFallsAMebibyteBehindIsCutOffAndToldSo() throws Exception {
    AttachHub.Client slow = hub.attach();
    AttachHub.Client quick = hub.attach();
    for (int i = 0; i < 20; i++) {
      hub.offer(Stream.STDERR, new byte[MEBIBYTE / 16]);
      assertThat(quick.take()).isPresent();
    }
    hub.end();
    assertThat(slow.take()).isEmpty();
    assertThat(slow.last())
        .isInstanceOfSatisfying(
            Reply.Failed.class,
            failed -> {
              assertThat(failed.kind()).isEqualTo(FailureKind.UNAVAILABLE);
              assertThat(failed.message()).contains("1 MiB");
            });
    assertThat(quick.take()).isEmpty();
    assertThat(quick.last()).isEqualTo(new Reply.Done());
  }

  @Test
  void nothingIsKeptForWhomIsCutOff() throws Exception {
    AttachHub.Client slow = hub.attach();
    for (int i = 0; i < 16; i++) {
      hub.offer(Stream.STDOUT, new byte[MEBIBYTE / 16]);
    }
    assertThat(hub.wanted()).isTrue();

    hub.offer(Stream.STDOUT, new byte[1]);
    slow.tell(new Reply.Taken(1));

    assertThat(slow.take()).as("output, or what was told since").isEmpty();
    assertThat(hub.wanted()).as("output is not even copied for it").isFalse();
  }
}
