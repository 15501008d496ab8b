// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NetDevTest {
  private static final String HEAD =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
      """;

  @Test
  void everyInterfaceIsRead() throws LinuxException {
    var dev =
        NetDev.parse(
            HEAD
                + "    lo:       0       0    0    0    0     0          0         0        0      "
                + " 0    0    0    0     0       0          0\n"
                + "eth0:1:1100  12    3    4    0     0          0         0      906      11    5 "
                + "   6    0     0       0          0\n");
    assertThat(dev.interfaces()).hasSize(2);
    assertThat(dev.interfaces().getFirst().name()).isEqualTo("lo");
    assertThat(dev.interfaces().getLast())
        .isEqualTo(
            new NetDev.Interface(
                "eth0:1", new NetDev.Traffic(1100, 12, 3, 4), new NetDev.Traffic(906, 11, 5, 6)));
  }

  @Test
  void countersBeyondALongAreTheLargestOne() throws LinuxException {
    var line = "x: 18446744073709551615" + " 1".repeat(15);
    assertThat(NetDev.parse(HEAD + line).interfaces().getFirst().received().bytes())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nothingIsNoInterface() throws LinuxException {
    assertThat(NetDev.parse("").interfaces()).isEmpty();
    assertThat(NetDev.parse(HEAD).interfaces()).isEmpty();
  }

  @Test
  void damagedLinesAreRefusedAndNothingElseIsThrown() throws LinuxException {
    for (var line : new String[] {"eth0", "eth0: 1 2", "eth0:" + " x".repeat(16)}) {
      assertThatThrownBy(() -> NetDev.parse(HEAD + line))
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("EBADMSG");
    }
    var random = new Random(11);
    for (int i = 0; i < 2000; i++) {
      var text = new StringBuilder(HEAD + "  eth0:" + " 12".repeat(16) + "\n");
      for (int change = 0; change < 5; change++) {
        text.setCharAt(
            HEAD.length() + random.nextInt(text.length() - HEAD.length()),
            (char) random.nextInt(128));
      }
      try {
        assertThat(NetDev.parse(text.toString()).interfaces()).isNotNull();
      } catch (LinuxException e) {
        assertThat(e.errno()).isEqualTo(Errno.EBADMSG);
      }
    }
  }
}
