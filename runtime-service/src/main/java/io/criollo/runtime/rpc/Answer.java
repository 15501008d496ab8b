// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.runtime.state.Refusal;
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

  <T> void reply(String rpc, String id, StreamObserver<T> to, Callable<T> work) {
    new Call<>(rpc, id, to, System.nanoTime()).run(work, _ -> id);
  }

  /// For calls whose object is known only from the reply.
  <T> void reply(String rpc, StreamObserver<T> to, Callable<T> work, Function<T, String> idOf) {
    new Call<>(rpc, "", to, System.nanoTime()).run(work, idOf);
  }

  /// One call under way.
  private record Call<T>(String rpc, String id, StreamObserver<T> to, long begin) {
    void run(Callable<T> work, Function<T, String> idOf) {
      if (to instanceof ServerCallStreamObserver<T> call) {
        call.setOnCancelHandler(() -> {}); // replying to a client that left is no error
      }
      T reply;
      try {
        reply = work.call();
      } catch (Throwable e) {
        fail(e);
        return;
      }
      LOG.log(Level.INFO, () -> line(rpc, idOf.apply(reply), begin));
      to.onNext(reply);
      to.onCompleted();
    }

    private void fail(Throwable e) {
      var status = StatusMapper.of(e);
      if (status.getCode() == Status.Code.INTERNAL) {
        LOG.log(Level.ERROR, line(rpc, id, begin), e);
      } else {
        var level = e instanceof Refusal ? Level.INFO : Level.WARNING;
        LOG.log(level, () -> line(rpc, id, begin) + " " + reason(status) + suppressed(e));
      }
      to.onError(status.asRuntimeException());
    }
  }

  private static String reason(Status status) {
    return status.getCode() + ": " + status.getDescription();
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
