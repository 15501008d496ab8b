// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// One call from request to reply, on the call's own virtual thread: runs the use case, replies,
/// and writes one log line with the object's id and the duration. The work goes on when the client
/// leaves.
final class Answer {
  private static final System.Logger LOG = System.getLogger("rpc");
  private static final int LONGEST_ID = 13;

  private final StatusMapper statuses = new StatusMapper();

  <T> void reply(String rpc, String id, StreamObserver<T> to, Callable<T> work) {
    reply(rpc, to, work, _ -> id);
  }

  /// For calls whose object is known only from the reply.
  <T> void reply(String rpc, StreamObserver<T> to, Callable<T> work, Function<T, String> idOf) {
    long begin = System.nanoTime();
    if (to instanceof ServerCallStreamObserver<T> call) {
      call.setOnCancelHandler(() -> {}); // replying to a client that left is no error
    }
    T reply;
    try {
      reply = work.call();
    } catch (Throwable e) {
      fail(rpc, to, e, begin);
      return;
    }
    LOG.log(Level.INFO, () -> line(rpc, idOf.apply(reply), begin));
    to.onNext(reply);
    to.onCompleted();
  }

  private void fail(String rpc, StreamObserver<?> to, Throwable e, long begin) {
    var status = statuses.of(e);
    if (status.getCode() == Status.Code.INTERNAL) {
      LOG.log(Level.ERROR, line(rpc, "", begin), e);
    } else {
      LOG.log(
          Level.WARNING,
          () ->
              line(rpc, "", begin)
                  + " "
                  + status.getCode()
                  + ": "
                  + status.getDescription()
                  + suppressed(e));
    }
    to.onError(status.asRuntimeException());
  }

  private static String suppressed(Throwable e) {
    var text = new StringBuilder();
    for (var also : e.getSuppressed()) {
      text.append("; also ").append(also.getMessage());
    }
    return text.toString();
  }

  private static String line(String rpc, String id, long begin) {
    double millis = (System.nanoTime() - begin) / 1e6;
    var shown = id.length() > 64 || id.length() < 64 ? id : id.substring(0, LONGEST_ID);
    return String.format("%s %s%s%.1f ms", rpc, shown, shown.isEmpty() ? "" : " ", millis);
  }
}
