// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.SessionMemory.Use;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {
  private final AtomicInteger collections = new AtomicInteger();
  private final SessionMemory memory = new SessionMemory(collections::incrementAndGet);

  @Test
  void manySessionsAtOnceAreFollowedByOneCollection() {
    var uses = new ArrayList<Use>();
    for (int i = 0; i < 200; i++) {
      uses.add(memory.use());
    }
    uses.subList(1, 200).forEach(Use::close);
    assertThat(collections).hasValue(0);
    uses.getFirst().close();
    assertThat(collections).hasValue(1);
  }

  @Test
  void sessionsInTurnAreCollectedNowAndThen() {
    for (int i = 0; i < 120; i++) {
      memory.use().close();
    }
    assertThat(collections).hasValue(2);
  }
}
