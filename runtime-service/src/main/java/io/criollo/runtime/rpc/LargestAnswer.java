// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.MessageLite;
import io.criollo.runtime.state.Refusal;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Refuses to send what is larger than the operator allows: [Answer] ends the call with the reason,
/// and its connection serves on. Thread-safe.
///
/// @param bytes of a message
record LargestAnswer(int bytes) implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(new Limited<>(call), headers);
  }

  private final class Limited<Q, A> extends SimpleForwardingServerCall<Q, A> {
    Limited(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendMessage(A message) {
      int size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      if (size > bytes) {
        throw new Refusal.ResourceExhausted(
            "answer of "
                + size
                + " bytes, ask for less by a filter or a streaming call where there is one:"
                + " grpc_max_send_msg_size is "
                + bytes);
      }
      super.sendMessage(message);
    }
  }
}
