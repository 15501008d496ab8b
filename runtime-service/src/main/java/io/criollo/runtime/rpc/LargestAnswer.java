// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// Refuses to send what is larger than the operator allows: the call fails with RESOURCE_EXHAUSTED,
/// which says so, and its connection serves on. Thread-safe.
///
/// @param bytes of a message
record LargestAnswer(int bytes) implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(new Limited<>(call), headers);
  }

  private final class Limited<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean refused;

    Limited(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendMessage(A message) {
      if (refused) {
        return;
      }
      int size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      if (size <= bytes) {
        super.sendMessage(message);
        return;
      }
      var reason = "answer of " + size + " bytes, grpc_max_send_msg_size is " + bytes;
      super.close(Status.RESOURCE_EXHAUSTED.withDescription(reason), new Metadata());
      refused = true;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }
}
