// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.StringValue;
import io.criollo.image.CheckImages;
import io.criollo.image.CheckImages.Wish;
import io.criollo.image.reference.ImageException;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.runtime.images.ImageCheck;
import io.criollo.runtime.state.Refusal;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What the daemon's own command line asks of it and the CRI has no call for. Words in, lines out:
/// people are its only readers.
public final class OwnEndpoint implements BindableService {
  /// Takes any of the words `quick` and `repair`.
  static final MethodDescriptor<StringValue, StringValue> CHECK =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodType.SERVER_STREAMING)
          .setFullMethodName("criollo.v1.Own/Check")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  static final String QUICK = "quick";
  static final String REPAIR = "repair";

  private final Answer answer = new Answer();
  private final CheckImages images;

  public OwnEndpoint(CheckImages images) {
    this.images = images;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("criollo.v1.Own")
        .addMethod(CHECK, ServerCalls.asyncServerStreamingCall(this::check))
        .build();
  }

  private void check(StringValue request, StreamObserver<StringValue> to) {
    answer.stream("Check", to, () -> new Lines(new ImageCheck(images, wish(request.getValue()))));
  }

  static Wish wish(String words) {
    var wanted = new TreeSet<>(List.of(words.split(" ", -1)));
    wanted.remove("");
    boolean quick = wanted.remove(QUICK);
    boolean repair = wanted.remove(REPAIR);
    if (!wanted.isEmpty()) {
      throw new Refusal.InvalidArgument("check", words, "must be of: " + QUICK + ", " + REPAIR);
    }
    return new Wish(quick ? Depth.QUICK : Depth.WHOLE, repair);
  }

  private record Lines(ImageCheck check) implements MessageSource<StringValue> {
    @Override
    public Optional<StringValue> next() throws IOException, ImageException {
      return check.next().map(StringValue::of);
    }

    @Override
    public void close() {
      check.close();
    }
  }
}
