// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Answers bytes that are no message, or text that is not UTF-8, with INTERNAL and the reason, as
/// gRPC's other servers do. This one's library would call it an application error of unknown kind,
/// and log a stack trace.
final class MalformedRequests implements ServerInterceptor {
  /// Handed from the parser to the listener, which is called next on the same thread.
  private static final ThreadLocal<@Nullable Status> FOUND = new ThreadLocal<>();

  private MalformedRequests() {}

  /// {@return the service behind this check}
  static ServerServiceDefinition checked(BindableService service) {
    var plain = service.bindService();
    var tolerant = ServerServiceDefinition.builder(plain.getServiceDescriptor().getName());
    plain.getMethods().forEach(method -> add(tolerant, method));
    return ServerInterceptors.intercept(tolerant.build(), new MalformedRequests());
  }

  private static <Q, A> void add(
      ServerServiceDefinition.Builder service, ServerMethodDefinition<Q, A> method) {
    var descriptor = method.getMethodDescriptor();
    var requests = new Tolerant<>((PrototypeMarshaller<Q>) descriptor.getRequestMarshaller());
    service.addMethod(
        descriptor.toBuilder(requests, descriptor.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  /// Gives an empty message for one that cannot be read, and notes why.
  private record Tolerant<Q>(PrototypeMarshaller<Q> plain) implements Marshaller<Q> {
    @Override
    public InputStream stream(Q message) {
      return plain.stream(message);
    }

    @Override
    public Q parse(InputStream bytes) {
      try {
        return plain.parse(bytes);
      } catch (StatusRuntimeException e) {
        FOUND.set(e.getStatus());
        return Objects.requireNonNull(plain.getMessagePrototype());
      }
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        var status = FOUND.get();
        if (status == null) {
          super.onMessage(message);
          return;
        }
        FOUND.remove();
        refused = true;
        call.close(status.augmentDescription(reason(status)), new Metadata());
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  private static String reason(Status status) {
    var cause = status.getCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }
}
