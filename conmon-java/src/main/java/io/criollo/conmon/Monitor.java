// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.io.EventLoop;
import io.criollo.conmon.io.Terminal;
import io.criollo.conmon.log.LogBuffers;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.conmon.protocol.ProtocolException;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// The monitor: answers the daemon, one thread per connection, one request per connection.
/// Containers themselves are on the I/O thread.
final class Monitor {
  private static final int LONGEST_REQUEST = 64 << 10;
  private static final long STACK = 256 << 10;
  private static final Duration ENDING = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(10);

  private final Shared shared;
  private final Map<String, MonitoredProcess> containers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> beingCreated = new ConcurrentHashMap<>();
  private final CreateContainer createContainer;
  private final Exec exec;

  private Monitor(Shared shared) throws IOException {
    this.shared = shared;
    this.createContainer = new CreateContainer(shared);
    this.exec = Exec.in(shared);
  }

  /// Takes over what an earlier monitor left.
  static Monitor open(Path stateDir, Path runDir) throws IOException, InterruptedException {
    var exits = ExitRecorder.open(stateDir);
    var loop = EventLoop.start();
    var store = FdStore.open(loop, stateDir, runDir);
    var memory = new SessionMemory(System::gc);
    var buffers = new SessionBuffers();
    var shared =
        new Shared(
            loop, store, new OomWatches(loop), exits, new LogBuffers(), buffers, memory, runDir);
    var monitor = new Monitor(shared);
    new Takeover(shared).run(monitor.containers);
    return monitor;
  }

  /// Accepts connections for ever.
  void serve(Fd listener) throws LinuxException {
    var entrance = new Entrance(listener);
    var upgrade = new Upgrade(shared, entrance);
    entrance.serve((connection, visit) ->
        Thread.ofPlatform()
            .name("monitor-request")
            .stackSize(STACK)
            .start(() -> talk(new FdChannel(connection), visit, upgrade)));
  }

  private void talk(FdChannel channel, Entrance.Visit visit, Upgrade upgrade) {
    try (visit;
        var wire = new Wire(channel, LONGEST_REQUEST)) {
      Optional<Frame> hello = wire.receive();
      wire.send(Hello.mine());
      if (hello.isPresent()
          && hello.get() instanceof Frame.Text(Hello theirs)
          && Hello.mine().understands(theirs)) {
        converse(new Caller(wire, channel, Hello.mine().common(theirs)), visit, upgrade);
      }
    } catch (IOException _) { // the daemon is gone, or was no daemon
      return;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void converse(Caller caller, Entrance.Visit visit, Upgrade upgrade)
      throws IOException, InterruptedException {
    Wire wire = caller.wire();
    Optional<Frame> frame;
    try {
      frame = wire.receive();
    } catch (ProtocolException e) {
      wire.send(new Reply.Failed(FailureKind.UNSUPPORTED, String.valueOf(e.getMessage())));
      return;
    }
    if (frame.isPresent() && frame.get() instanceof Frame.Text(Request request)) {
      if (request.lasting()) {
        visit.stays();
      }
      switch (request) {
        case Request.Upgrade other -> wire.send(upgrade.run(other));
        case Request.Subscribe _ -> new Subscription(shared.exits(), wire).run();
        case Request.Attach attach -> attach(attach.containerId(), caller);
        case Request.ShareTerminal share -> shareTerminal(share.containerId(), caller);
        case CreateRequest create -> create(create, create, caller);
        case Request.Run run -> create(run, run.container(), caller);
        case Request other -> wire.send(answer(other, caller));
      }
    }
  }

  private Reply answer(Request request, Caller caller) throws InterruptedException {
    try {
      return switch (request) {
        case CreateRequest create -> make(create, OciRuntime::create);
        case Request.Run(CreateRequest container) -> make(container, OciRuntime::runDetached);
        case ExecRequest exec -> exec(exec, caller);
        case Request.ReopenLog reopen -> reopenLog(reopen.containerId());
        case Request.Forget forget -> forget(forget.containerId());
        case Request.ListContainers _ -> list();
        case Request.Acknowledge ack -> {
          shared.exits().taken(ack.containerId());
          yield new Reply.Done();
        }
        case Request.ExecStream stream -> execStream(stream, caller);
        case Request.ReturnTerminal give -> returnTerminal(give.containerId(), caller.channel());
        case Request.Subscribe _,
            Request.Attach _,
            Request.Upgrade _,
            Request.ShareTerminal _,
            Request.Resize _,
            Request.CloseInput _,
            Request.HangUp _ ->
            new Reply.Failed(FailureKind.INVALID, "not here: " + request);
      };
    } catch (OciRuntimeException e) {
      FailureKind kind = e.timedOut() ? FailureKind.TIMEOUT : FailureKind.RUNTIME;
      return new Reply.Failed(kind, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Reply.Failed(FailureKind.SYSTEM, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      return new Reply.Failed(
          FailureKind.SYSTEM, "the monitor is out of memory: " + e.getMessage());
    }
  }

  /// @param request asks for the container: [CreateRequest] or [Request.Run]
  private void create(Request request, CreateRequest container, Caller caller)
      throws IOException, InterruptedException {
    String id = container.id();
    var created = new CountDownLatch(1);
    if (containers.containsKey(id) || beingCreated.putIfAbsent(id, created) != null) {
      caller.wire().send(new Reply.Failed(FailureKind.ALREADY_EXISTS, "container " + id));
      return;
    }
    try {
      caller.wire().send(answer(request, caller));
    } catch (IOException e) {
      if (request instanceof CreateRequest) {
        takeBack(container);
      }
      throw e;
    } finally {
      beingCreated.remove(id);
      created.countDown();
    }
  }

  private Reply make(CreateRequest request, CreateContainer.Verb verb)
      throws IOException, InterruptedException {
    MonitoredProcess process = createContainer.create(request, verb);
    containers.put(request.id(), process);
    return process.process();
  }

  /// The daemon died over it, and the next one knows nothing of it.
  private void takeBack(CreateRequest request) throws IOException, InterruptedException {
    MonitoredProcess process = containers.get(request.id());
    if (process == null) {
      return;
    }
    new OciRuntime(request.runtime()).delete(request.id(), true);
    long end = System.nanoTime() + ENDING.toNanos();
    while (process.exit().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(LOOK);
    }
    drop(request.id());
  }

  private Reply exec(ExecRequest request, Caller caller) throws IOException {
    Optional<MonitoredProcess> container = running(request.containerId());
    return container.isEmpty()
        ? notRunning(request.containerId())
        : exec.sync(request, container.get().request(), caller);
  }

  private Reply execStream(Request.ExecStream request, Caller caller) throws IOException {
    String id = request.exec().containerId();
    Optional<MonitoredProcess> container = running(id);
    return container.isEmpty()
        ? notRunning(id)
        : exec.stream(request, container.get().request(), caller);
  }

  private void attach(String id, Caller caller) throws IOException, InterruptedException {
    Optional<MonitoredProcess> process = running(id);
    Optional<ContainerIo> io =
        process.isPresent() ? shared.loop().call(() -> process.get().io()) : Optional.empty();
    if (io.isPresent()) {
      new AttachSession(shared, process.get(), caller).run(io.get());
    } else {
      caller.wire().send(notRunning(id));
    }
  }

  private void shareTerminal(String id, Caller caller) throws IOException, InterruptedException {
    Optional<Fd> copy = shared.loop().call(() -> terminalOf(id));
    if (copy.isPresent()) {
      try (Fd master = copy.get()) {
        caller.wire().send(new Reply.Done());
        caller.channel().sendDescriptor(master);
      }
    } else {
      caller
          .wire()
          .send(new Reply.Failed(FailureKind.NOT_FOUND, "container " + id + " has no terminal"));
    }
  }

  private Optional<Fd> terminalOf(String id) throws IOException {
    Optional<Fd> master = running(id).flatMap(MonitoredProcess::terminal).flatMap(Terminal::master);
    return master.isPresent() ? Optional.of(master.get().dup()) : Optional.empty();
  }

  private Reply returnTerminal(String id, FdChannel channel)
      throws IOException, InterruptedException {
    Optional<Fd> master = channel.receiveDescriptor();
    return shared
        .loop()
        .call(() -> {
          Optional<Terminal> terminal = running(id).flatMap(MonitoredProcess::terminal);
          if (master.isPresent() && terminal.isPresent()) {
            terminal.get().giveBack(master.get());
          } else {
            master.ifPresent(Fd::close);
          }
          return new Reply.Done();
        });
  }

  private Reply reopenLog(String id) throws IOException, InterruptedException {
    Optional<MonitoredProcess> process = running(id);
    if (process.isEmpty()) {
      return notRunning(id);
    }
    return shared
        .loop()
        .call(() -> {
          process.get().reopenLog();
          return new Reply.Done();
        });
  }

  /// If it is still being created, whoever asked for it is gone.
  private Reply forget(String id) throws IOException, InterruptedException {
    var created = beingCreated.get(id);
    if (created != null) {
      CreateContainer.endRuntime(ContainerFolder.of(shared.runDir(), id));
      created.await();
    }
    if (running(id).isPresent()) {
      return new Reply.Failed(FailureKind.INVALID, "container " + id + " still runs");
    }
    drop(id);
    return new Reply.Done();
  }

  private void drop(String id) throws IOException {
    containers.remove(id);
    ContainerFolder.of(shared.runDir(), id).remove();
    shared.exits().forget(id);
  }

  private Reply list() throws IOException, InterruptedException {
    return shared
        .loop()
        .call(() -> new Reply.Listing(containers.values().stream().map(Monitor::shown).toList()));
  }

  private static MonitoredContainer shown(MonitoredProcess each) {
    return new MonitoredContainer(each.id(), each.process(), each.exit(), each.loss());
  }

  private Optional<MonitoredProcess> running(String id) {
    return Optional.ofNullable(containers.get(id)).filter(process -> process.exit().isEmpty());
  }

  private static Reply notRunning(String id) {
    return new Reply.Failed(FailureKind.NOT_FOUND, "container " + id + " is not running");
  }
}
