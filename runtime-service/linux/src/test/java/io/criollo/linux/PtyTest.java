// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PtyTest {
  @Test
  void carriesBytesAndSize() throws Exception {
    try (var pty = Pty.open()) {
      Pty.resize(pty.master(), new Pty.Size(132, 43));
      assertThat(Pty.size(pty.slave())).isEqualTo(new Pty.Size(132, 43));
      var out = ByteBuffer.allocateDirect(3).put("hi\n".getBytes(UTF_8)).flip();
      assertThat(pty.slave().write(out)).isEqualTo(3);
      var in = ByteBuffer.allocateDirect(10);
      assertThat(pty.master().read(in)).isEqualTo(4);
      assertThat(UTF_8.decode(in.flip()).toString()).isEqualTo("hi\r\n");
    }
  }

  @Test
  void aClosedSlaveEndsTheMasterWithEio() throws Exception {
    try (var pty = Pty.open()) {
      pty.slave().close();
      assertThatThrownBy(() -> pty.master().read(ByteBuffer.allocateDirect(1)))
          .hasMessageContaining("EIO");
    }
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Pty.Size(65536, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
