// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Names of pods and containers, each with the operation that makes its object. The first claim
/// runs the operation on its own thread; further claims of the name wait for it and get the same
/// result or failure. A failed one frees its name before anybody learns of the failure.
/// Thread-safe.
public final class Names<I> {
  private final ConcurrentHashMap<String, FutureTask<I>> claims = new ConcurrentHashMap<>();

  /// {@return what {@code make} returned, in this call or an earlier one that holds the name}
  public I claim(String name, Callable<I> make) throws Exception {
    return runOrJoin(name, new FutureTask<>(() -> freeingOnFailure(name, make)));
  }

  /// The same for an operation that makes nothing: it frees the name when it ends, and before
  /// anybody learns of that. Who joined it frees nothing.
  public I share(String name, Callable<I> operation) throws Exception {
    return runOrJoin(name, new FutureTask<>(() -> freeingAtEnd(name, operation)));
  }

  /// Shares an operation's success: when the one that was joined fails, this one is run.
  public I shareSuccess(String name, Callable<I> operation) throws Exception {
    while (true) {
      var own = new FutureTask<I>(() -> freeingAtEnd(name, operation));
      var holder = claims.putIfAbsent(name, own);
      if (holder == null) {
        own.run();
        return result(own);
      }
      try {
        return holder.get();
      } catch (ExecutionException _) {
        // who began it is told
      }
    }
  }

  private I runOrJoin(String name, FutureTask<I> own) throws Exception {
    var holder = claims.putIfAbsent(name, own);
    if (holder != null) {
      return result(holder);
    }
    own.run();
    return result(own);
  }

  /// Takes the name for an object read from disk.
  public void restore(String name, I id) {
    var done = new FutureTask<>(() -> id);
    done.run();
    claims.put(name, done);
  }

  /// Frees the name of an object that is gone.
  public void release(String name) {
    claims.remove(name);
  }

  private I freeingOnFailure(String name, Callable<I> make) throws Exception {
    try {
      return make.call();
    } catch (Throwable e) {
      claims.remove(name);
      throw e;
    }
  }

  private I freeingAtEnd(String name, Callable<I> operation) throws Exception {
    try {
      return operation.call();
    } finally {
      claims.remove(name);
    }
  }

  private static <I> I result(FutureTask<I> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
