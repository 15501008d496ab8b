// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.criollo.image.reference.ImageException;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  /// Notes what becomes of a call; not the messages, which are too large to be shown.
  private record Noted<T>(List<Object> events) implements StreamObserver<T> {
    @Override
    public void onNext(T message) {
      events.add("answered");
    }

    @Override
    public void onError(Throwable e) {
      events.add(e);
    }

    @Override
    public void onCompleted() {
      events.add("completed");
    }
  }

  @Test
  void howLargeAReplyMayBeIsForTheServerAlone() {
    var mebibyte = ByteString.copyFrom(new byte[1 << 20]);
    var content = ByteString.copyFrom(Collections.nCopies(81, mebibyte)); // in memory once
    var reply = BytesValue.of(content);
    assertThat(reply.getSerializedSize()).isGreaterThan(MessageSizes.USUAL.sent());

    var call = new Noted<BytesValue>(new ArrayList<>());
    new Answer().reply("Status", "", call, () -> reply);

    assertThat(call.events).containsExactly("answered", "completed");
  }

  @Test
  void aFullDiskIsAnExhaustedResource() {
    var call = new Noted<BytesValue>(new ArrayList<>());
    new Answer()
        .reply(
            "PullImage",
            "",
            call,
            () -> {
              throw new ImageException(ImageException.Kind.DISK_FULL, "no space is left");
            });

    assertThat(call.events)
        .singleElement()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
              assertThat(e.getStatus().getDescription()).isEqualTo("no space is left");
            });
  }
}
