// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.metrics.Operations;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// Counts calls for the metrics. Thread-safe.
public final class CallCounts implements ServerInterceptor {
  private final Operations operations;

  public CallCounts(Operations operations) {
    this.operations = operations;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    boolean oneAnswer = call.getMethodDescriptor().getType().serverSendsOneMessage();
    long begin = System.nanoTime();
    operations.began(name);
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            if (!status.isOk()) {
              operations.failed(name, status.getCode().name());
            }
            if (oneAnswer) {
              operations.took(name, System.nanoTime() - begin);
            }
            super.close(status, trailers); // who has the answer finds it counted
          }
        },
        headers);
  }
}
