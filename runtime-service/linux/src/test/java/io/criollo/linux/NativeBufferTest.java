// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NativeBufferTest {
  @Test
  void aBufferIsZeroAndOutsideTheHeap() {
    try (var buffer = NativeBuffer.allocate(8)) {
      assertThat(buffer.bytes().isDirect()).isTrue();
      assertThat(buffer.bytes().remaining()).isEqualTo(8);
      assertThat(buffer.bytes().putLong(7).flip().getLong()).isEqualTo(7);
    }
  }

  @Test
  void aClosedBufferCannotBeUsed() {
    var buffer = NativeBuffer.allocate(8);
    var bytes = buffer.bytes();
    buffer.close();
    assertThatThrownBy(() -> bytes.get(0)).isInstanceOf(IllegalStateException.class);
  }
}
