// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.MessageLite;
import io.criollo.runtime.state.Refusal;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// One call from request to reply, on a virtual thread of its own: runs the use case, replies, and
/// writes one log line with the object's id and the duration; of what clients ask each second, and
/// the event loop answers, only for debugging. The work goes on when the client leaves, unless it
/// is said to be wanted by its client only.
final class Answer {
  private static final System.Logger LOG = System.getLogger("io.criollo.rpc");
  private static final int LONGEST_ID = 13;

  <T> void reply(String rpc, String id, StreamObserver<T> to, Callable<T> work) {
    new Call<>(rpc, id, to, System.nanoTime()).run(work, _ -> id);
  }

  /// For calls whose object is known only from the reply.
  <T> void reply(String rpc, StreamObserver<T> to, Callable<T> work, Function<T, String> idOf) {
    new Call<>(rpc, "", to, System.nanoTime()).run(work, idOf);
  }

  /// For work that is of use to its client only: it is interrupted when the client leaves.
  <T> void replyWhileWanted(String rpc, String id, StreamObserver<T> to, Callable<T> work) {
    reply(rpc, id, to, () -> whileWanted(work, () -> true));
  }

  /// The same for what goes on when it is the daemon that leaves.
  <T> void replyUntilClientLeaves(String rpc, String id, StreamObserver<T> to, Callable<T> work) {
    reply(rpc, id, to, () -> whileWanted(work, RpcServer.SERVES.get()));
  }

  /// The answer has gone out then, or the client has left.
  static void whenCallEnds(Runnable action) {
    Context.current().addListener(_ -> action.run(), Runnable::run);
  }

  private static <T> T whileWanted(Callable<T> work, BooleanSupplier ends) throws Exception {
    var worker = Thread.currentThread();
    var call = Context.current();
    Context.CancellationListener left =
        _ -> {
          if (ends.getAsBoolean()) {
            worker.interrupt();
          }
        };
    call.addListener(left, Runnable::run);
    try {
      return work.call();
    } catch (InterruptedException e) {
      throw (InterruptedException) new InterruptedException("the client has left").initCause(e);
    } finally {
      call.removeListener(left);
      var _ = Thread.interrupted(); // the client may have left when the work was done already
    }
  }

  /// For calls that answer with many messages: ends with the last one, with a failure, or when the
  /// client leaves.
  <T> void stream(String rpc, StreamObserver<T> to, Callable<? extends MessageSource<T>> source) {
    var call = (ServerCallStreamObserver<T>) to;
    new MessageStream<>(new Call<>(rpc, "", call, System.nanoTime()), call).start(source);
  }

  /// For calls that answer with a list in parts, each item once.
  <I extends MessageLite, T> void chunks(
      String rpc, StreamObserver<T> to, Callable<Iterator<I>> items, Function<List<I>, T> part) {
    stream(rpc, to, () -> new Chunks<>(items.call(), part));
  }

  /// One call under way.
  record Call<T>(String rpc, String id, StreamObserver<T> to, long begin) {
    void run(Callable<T> work, Function<T, String> idOf) {
      if (to instanceof ServerCallStreamObserver<T> call) {
        call.setOnCancelHandler(() -> {}); // replying to a client that left is no error
      }
      T reply;
      try {
        reply = work.call();
        to.onNext(reply); // goes out with the end of the call
      } catch (Throwable e) {
        fail(e);
        return;
      }
      logDone(idOf.apply(reply));
      to.onCompleted();
    }

    void complete() {
      logDone(id);
      to.onCompleted();
    }

    void fail(Throwable e) {
      var status = StatusMapper.of(e);
      var line = line(rpc, id, begin);
      if (status.getCode() == Status.Code.INTERNAL) {
        write(() -> LOG.log(Level.ERROR, line, e));
      } else {
        var level = e instanceof Refusal ? Level.INFO : Level.WARNING;
        write(() -> LOG.log(level, line + " " + reason(status) + suppressed(e)));
      }
      to.onError(status.asRuntimeException());
    }

    private void logDone(String shownId) {
      var level = RpcServer.AT_ONCE.contains(rpc) ? Level.DEBUG : Level.INFO;
      if (LOG.isLoggable(level)) {
        var line = line(rpc, shownId, begin);
        write(() -> LOG.log(level, line));
      }
    }

    /// A log that nobody reads blocks its writer, but never an event loop.
    private void write(Runnable line) {
      if (RpcServer.AT_ONCE.contains(rpc)) {
        Thread.startVirtualThread(line);
      } else {
        line.run();
      }
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
    long tenths = (System.nanoTime() - begin + 50_000) / 100_000;
    var shown = id.length() > 64 || id.length() < 64 ? id : id.substring(0, LONGEST_ID);
    var object = shown.isEmpty() ? "" : shown + " ";
    return rpc + " " + object + tenths / 10 + "." + tenths % 10 + " ms";
  }
}
