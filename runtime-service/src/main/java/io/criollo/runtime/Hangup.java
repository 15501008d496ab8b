// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// SIGHUP, which would end a JVM. The class that the JDK has for signals is reached by name: the
/// compiler warns of it, and nothing else does the same.
final class Hangup {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Hangup() {}

  /// From now on each SIGHUP runs the action, on a thread of the JVM.
  static void runs(Runnable action) {
    try {
      var signal = Class.forName(SIGNAL);
      var handler = Class.forName(HANDLER);
      var run =
          MethodHandles.lookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action);
      var handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java cannot handle SIGHUP", e);
    }
  }
}
