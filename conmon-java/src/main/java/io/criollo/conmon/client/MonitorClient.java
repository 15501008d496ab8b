// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The daemon's line to the monitor. Starts a monitor when none answers, and anew when it dies; a
/// new one takes over every live container. Thread-safe, virtual threads too; the daemon closes it,
/// which leaves the monitor running.
public final class MonitorClient implements AutoCloseable {
  private final MonitorKeeper keeper;
  private final ExitThread exits;
  private final StreamHolder holder;

  private MonitorClient(MonitorSettings settings, ExitListener listener) {
    this.holder = new StreamHolder(settings);
    this.keeper = new MonitorKeeper(settings, holder::giveBack);
    this.exits =
        new ExitThread(
            keeper,
            exit -> {
              holder.release(exit.containerId());
              listener.exited(exit);
            },
            () -> {
              holder.giveBack();
              listener.monitorReplaced(this::list);
            });
  }

  /// Connects, or starts a monitor and connects. From then on the listener hears of exits. Call it
  /// on a platform thread.
  public static MonitorClient connect(MonitorSettings settings, ExitListener listener)
      throws MonitorException {
    var client = new MonitorClient(settings, listener);
    for (MonitoredContainer container : client.list()) {
      if (container.exit().isEmpty()) {
        client.holder.hold(container.id());
      }
    }
    client.exits.start();
    return client;
  }

  /// Makes the container's streams and log, and lets the runtime create it.
  ///
  /// @throws MonitorException RUNTIME with the runtime's own text; ALREADY_EXISTS; UNAVAILABLE when
  ///   the monitor died meanwhile, and then the runtime may have made the container
  public CreatedProcess create(CreateRequest request) throws MonitorException {
    return hold(request.id(), () -> keeper.ask(request));
  }

  /// Makes the container's streams and log, and lets the runtime create and start it in one step.
  /// The process may have ended when this returns.
  ///
  /// @throws MonitorException as [#create], but UNAVAILABLE only when nothing of it runs
  public CreatedProcess run(CreateRequest request) throws MonitorException {
    String id = request.id();
    try {
      return hold(id, () -> keeper.ask(new Request.Run(request)));
    } catch (MonitorException e) {
      return switch (e.kind()) {
        case UNAVAILABLE -> hold(id, find(id).orElseThrow(() -> e)::process);
        case UNSUPPORTED -> inTwoSteps(request); // an older monitor
        default -> throw e;
      };
    }
  }

  private CreatedProcess inTwoSteps(CreateRequest request) throws MonitorException {
    CreatedProcess process = create(request);
    try {
      new OciRuntime(request.runtime()).start(request.id());
      return process;
    } catch (OciRuntimeException e) {
      var kind = e.timedOut() ? FailureKind.TIMEOUT : FailureKind.RUNTIME;
      throw new MonitorException(kind, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new MonitorException(FailureKind.SYSTEM, "start " + request.id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitorException(FailureKind.SYSTEM, "start " + request.id() + " was given up", e);
    }
  }

  @FunctionalInterface
  private interface Asking {
    Reply ask() throws MonitorException;
  }

  private CreatedProcess hold(String id, Asking asking) throws MonitorException {
    holder.expect(id);
    Reply reply;
    try {
      reply = asking.ask();
    } catch (MonitorException | RuntimeException e) {
      holder.release(id);
      throw e;
    }
    holder.holdExpected(id);
    if (reply instanceof CreatedProcess process) {
      return process;
    }
    throw Requests.unexpected(reply);
  }

  /// Runs a command in a running container. It is ended with all that it started when the caller is
  /// interrupted; when the daemon ends it runs on.
  ///
  /// @param output called by another thread, but only until this method returns or is interrupted
  /// @return the exit code, once the command has ended and all its output, cut at the limit of each
  ///   stream, was taken
  /// @throws MonitorException TIMEOUT; NOT_FOUND when the container is not running; RUNTIME when
  ///   the command could not be started; UNAVAILABLE when the monitor died, or the caller was
  ///   interrupted, and then still is
  public int execSync(ExecRequest request, ExecOutput output) throws MonitorException {
    return keeper.exec(request, output);
  }

  /// Starts a command in a running container and talks with it.
  ///
  /// @param terminal whether its process object asks for one
  /// @throws MonitorException as [#execSync], but without a time limit
  public Session exec(ExecRequest request, boolean terminal, boolean stdin)
      throws MonitorException {
    return keeper.session(new Request.ExecStream(request, terminal, stdin));
  }

  /// Attaches to the standard streams of a running container; output begins now.
  ///
  /// @throws MonitorException NOT_FOUND when it is not running
  public Session attach(String containerId) throws MonitorException {
    return keeper.session(new Request.Attach(containerId));
  }

  /// Starts the log file anew; it exists when this returns.
  ///
  /// @throws MonitorException NOT_FOUND when the container is not running
  public void reopenLog(String containerId) throws MonitorException {
    done(new Request.ReopenLog(containerId));
  }

  /// Drops what the monitor keeps of a container that has ended, or that it does not know. Comes
  /// before the removal of the container's run directory, in which the monitor has a mount.
  public void forget(String containerId) throws MonitorException {
    done(new Request.Forget(containerId));
    holder.release(containerId);
  }

  private void done(Request request) throws MonitorException {
    Reply reply = keeper.ask(request);
    if (!(reply instanceof Reply.Done)) {
      throw Requests.unexpected(reply);
    }
  }

  public List<MonitoredContainer> list() throws MonitorException {
    Reply reply = keeper.ask(new Request.ListContainers());
    if (reply instanceof Reply.Listing(List<MonitoredContainer> containers)) {
      return containers;
    }
    throw Requests.unexpected(reply);
  }

  /// {@return how a container ended, until it is forgotten; empty while it runs or is not known}
  public Optional<ExitRecord> exit(String containerId) throws MonitorException {
    return find(containerId).flatMap(MonitoredContainer::exit);
  }

  /// {@return whether a container is known and has not ended}
  public boolean runs(String containerId) throws MonitorException {
    return find(containerId).filter(container -> container.exit().isEmpty()).isPresent();
  }

  /// {@return what the monitor knows of a container, until it is forgotten}
  public Optional<MonitoredContainer> find(String containerId) throws MonitorException {
    return list().stream().filter(each -> each.id().equals(containerId)).findFirst();
  }

  /// Lets go of the monitor, which stays.
  @Override
  public void close() throws MonitorException {
    try {
      exits.close();
    } catch (IOException e) {
      throw new MonitorException(FailureKind.SYSTEM, "close the monitor's connection", e);
    } finally {
      holder.close();
    }
  }
}
