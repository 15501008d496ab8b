// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SessionBuffersTest {
  private static final int WIDE_SESSIONS = 16;

  @Test
  void onlySomeSessionsHaveAWideWindowAtATime() {
    var buffers = new SessionBuffers();
    var wide = new ArrayList<SessionBuffers.Wide>();
    for (int i = 0; i < WIDE_SESSIONS; i++) {
      wide.add(buffers.widen().orElseThrow());
    }
    assertThat(buffers.widen()).isEmpty();
    wide.getFirst().close();
    assertThat(buffers.widen()).isPresent();
    assertThat(buffers.widen()).isEmpty();
  }
}
