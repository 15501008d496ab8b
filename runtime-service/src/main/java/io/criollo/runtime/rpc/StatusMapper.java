// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.cni.CniException;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.image.reference.ImageException;
import io.criollo.runtime.state.Refusal;
import io.grpc.Status;
import java.io.IOException;

/// The only place where an exception becomes a gRPC status. The kubelet acts on NOT_FOUND,
/// DEADLINE_EXCEEDED, UNIMPLEMENTED and on texts, so texts are passed on as they are.
final class StatusMapper {
  /// It goes into a header, and clients take 8 KiB of them; what is not ASCII takes three for one.
  private static final int MOST_BYTES = 2048;

  private StatusMapper() {}

  static Status of(Throwable e) {
    return code(e).withDescription(text(e)).withCause(e);
  }

  private static Status code(Throwable e) {
    return switch (e) {
      case Refusal refusal -> refused(refusal);
      case ImageException image -> image(image.kind());
      case MonitorException monitor -> monitor(monitor);
      case OciRuntimeException _, CniException _, IOException _ -> Status.UNKNOWN;
      case InterruptedException _ -> Status.UNAVAILABLE;
      default -> Status.INTERNAL;
    };
  }

  private static Status refused(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotFound _ -> Status.NOT_FOUND;
      case Refusal.AlreadyExists _ -> Status.ALREADY_EXISTS;
      case Refusal.InvalidArgument _ -> Status.INVALID_ARGUMENT;
      case Refusal.FailedPrecondition _ -> Status.FAILED_PRECONDITION;
      case Refusal.Unavailable _ -> Status.UNAVAILABLE;
      case Refusal.DeadlineExceeded _ -> Status.DEADLINE_EXCEEDED;
      case Refusal.ResourceExhausted _ -> Status.RESOURCE_EXHAUSTED;
      case Refusal.Unimplemented _ -> Status.UNIMPLEMENTED;
    };
  }

  private static Status image(ImageException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> Status.NOT_FOUND;
      case INVALID_REFERENCE, INVALID_CREDENTIALS -> Status.INVALID_ARGUMENT;
      case UNAUTHORIZED -> Status.PERMISSION_DENIED;
      // the kubelet knows these by the start of their text, which it sees with this code only
      case UNAVAILABLE, SIGNATURE -> Status.UNKNOWN;
      case IN_USE, MISCONFIGURED, UNSUPPORTED, TOO_LARGE, LOCKED -> Status.FAILED_PRECONDITION;
      case DISK_FULL -> Status.RESOURCE_EXHAUSTED;
      case CORRUPT, WRONG_BYTES -> Status.DATA_LOSS;
    };
  }

  private static Status monitor(MonitorException e) {
    return switch (e.kind()) {
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case INVALID -> Status.INVALID_ARGUMENT;
      case TIMEOUT -> Status.DEADLINE_EXCEEDED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case RUNTIME, SYSTEM, UNSUPPORTED -> Status.UNKNOWN;
    };
  }

  private static String text(Throwable e) {
    var message = e.getMessage();
    return message == null || message.isEmpty() ? e.getClass().getSimpleName() : cut(message);
  }

  private static String cut(String message) {
    var bytes = message.getBytes(UTF_8);
    return bytes.length <= MOST_BYTES
        ? message
        : new String(bytes, 0, MOST_BYTES, UTF_8) + "[…" + (bytes.length - MOST_BYTES) + " bytes]";
  }
}
