// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// How a refused call is told.
final class Statuses {
  private Statuses() {}

  /// The call fails with this code, and its text says these words.
  static void assertRefused(Status.Code code, ThrowingCallable call, String... words) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(call)
        .satisfies(refused ->
            assertThat(refused.getStatus().getCode())
                .as(refused.getStatus().toString())
                .isEqualTo(code))
        .satisfies(refused ->
            assertThat(List.of(words))
                .allSatisfy(word -> assertThat(refused).hasMessageContaining(word)));
  }
}
