// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.EventLoop;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Errno;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.Poller;
import io.criollo.linux.Pty;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A running exec: waits for output, input, the end and the time limit at once, and for nothing
/// else: a process that reads no input is still resized and hung up, and one whose reader is slow
/// is held back but still ends in time. When the daemon is gone the process lives on and its output
/// is dropped. One thread; who makes it closes it.
final class ExecSession implements AutoCloseable {
  /// How long more output is waited for after the end, when a child keeps the streams open.
  private static final Duration DRAIN = Duration.ofMillis(250);

  /// One read of output: it grows while reads come back full.
  private static final int CHUNK = 16 << 10;

  /// A client that has sent as much is likely to send much more.
  private static final int BUSY = 1 << 20;

  private static final long PROCESS = 0;
  private static final long CLIENT = 1;
  private static final long INPUT = 2;
  private static final long FIRST_OUTPUT = 3;

  private final PidFd process;
  private final long startTime;
  private final Caller caller;
  private final Poller poller;
  private final Map<Long, Output> outputs = new HashMap<>();
  private final SessionBuffers larges;
  private Optional<SessionBuffers.Large> large = Optional.empty();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.HEADER + CHUNK);
  private final long limit;
  private final ExecTree tree;
  private Optional<ClientInput> input = Optional.empty();
  private Optional<Fd> terminal = Optional.empty();
  private EventLoop.Action farewell = () -> {};
  private Optional<ExitStatus> exit = Optional.empty();
  private boolean endsWithItsCaller;
  private boolean abandoned;
  private boolean unheard;
  private boolean held;
  private Optional<SessionBuffers.Wide> wide = Optional.empty();
  private int watched = Poller.IN;
  private long taken;
  private int untold;

  /// One stream: how much of it is still wanted, and how much its process left to be delivered.
  private static final class Output {
    private final Stream stream;
    private final Fd source;
    private long wanted;
    private int owed;

    private Output(Stream stream, Fd source, long wanted) {
      this.stream = stream;
      this.source = source;
      this.wanted = wanted;
    }
  }

  /// @param limit bytes wanted of each stream
  /// @param tree killed at the time limit
  ExecSession(PidFd process, Caller caller, long limit, ExecTree tree, SessionBuffers larges)
      throws LinuxException {
    this.tree = tree;
    this.larges = larges;
    this.process = process;
    this.startTime = PidFd.startTime(process.pid());
    this.caller = caller;
    this.limit = limit;
    this.poller = Poller.open();
    poller.add(process.fd(), Poller.IN, PROCESS);
    poller.add(caller.socket(), Poller.IN, CLIENT);
  }

  /// A terminal is output, and can be resized and hung up.
  void terminal(Fd master) throws LinuxException {
    terminal = Optional.of(master);
    output(Stream.STDOUT, master);
  }

  void output(Stream stream, Fd source) throws LinuxException {
    long token = FIRST_OUTPUT + outputs.size();
    poller.add(source, Poller.IN, token);
    outputs.put(token, new Output(stream, source, limit));
  }

  /// A hang-up kills the process with all that it started.
  void endWithItsCaller() {
    endsWithItsCaller = true;
  }

  /// What is done when the user hangs up; from then on no output is read.
  void whenHungUp(EventLoop.Action action) {
    farewell = action;
  }

  /// What leads to the process's standard input, if its client gives any; else it ends at once.
  void input(Fd target, boolean given) throws LinuxException {
    var from = new ClientInput(target, poller, INPUT);
    input = Optional.of(from);
    if (!given) {
      from.end();
    }
  }

  /// @param timeout zero for none
  /// @param started `nanoTime` when the limit began
  Reply run(Duration timeout, long started) throws IOException {
    long end = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
    while (exit.isEmpty()) {
      long left = timeout.isZero() ? Long.MAX_VALUE : end - (System.nanoTime() - started);
      if (left <= 0) {
        return killed(timeout);
      }
      step(left);
    }
    drain();
    return new Reply.ExecEnded(exit.get().exitCode());
  }

  /// What the process left in its streams comes first, however long its reader takes.
  private void drain() throws IOException {
    for (Output output : outputs.values()) {
      output.owed = available(output);
    }
    long delivered = System.nanoTime();
    while (!outputs.isEmpty()) {
      if (owing()) {
        step(Long.MAX_VALUE);
        delivered = System.nanoTime();
      } else {
        long left = DRAIN.toNanos() - (System.nanoTime() - delivered);
        if (left <= 0) {
          return;
        }
        step(left);
      }
    }
  }

  /// A child may throw away what is in a terminal.
  private boolean owing() throws LinuxException {
    boolean owing = false;
    for (Output output : outputs.values()) {
      output.owed = Math.min(output.owed, available(output));
      owing |= output.owed > 0;
    }
    return owing;
  }

  private static int available(Output output) throws LinuxException {
    return output.source.isOpen() ? output.source.available() : 0;
  }

  private Reply killed(Duration timeout) throws IOException {
    tree.kill(process.pid());
    while (exit.isEmpty()) {
      step(Long.MAX_VALUE);
    }
    return new Reply.Failed(
        FailureKind.TIMEOUT, "the command was killed after " + timeout.toMillis() + " ms");
  }

  private void step(long nanos) throws IOException {
    int count = nanos == Long.MAX_VALUE ? poller.await() : poller.await(Duration.ofNanos(nanos));
    for (int i = 0; i < count; i++) {
      long token = poller.token(i);
      if (token == PROCESS) {
        exit = ProcessEnd.of(process, startTime);
        if (exit.isPresent()) {
          poller.remove(process.fd());
        }
      } else if (token == CLIENT) {
        client(poller.events(i));
      } else if (token == INPUT) {
        push(input.orElseThrow());
      } else {
        move(token);
      }
    }
  }

  private void move(long token) throws IOException {
    Output output = outputs.get(token);
    if (output == null || holdBack()) {
      return;
    }
    buffer.clear().position(Wire.HEADER);
    if (!output.source.isOpen() || read(output.source) < 0) {
      outputs.remove(token);
      if (output.source.isOpen()) {
        poller.remove(output.source);
      }
      return;
    }
    int count = buffer.position() - Wire.HEADER;
    boolean full = !buffer.hasRemaining();
    int kept = (int) Math.min(count, output.wanted);
    output.wanted -= kept;
    output.owed -= Math.min(count, output.owed);
    if (kept > 0 && !unheard) {
      buffer.position(Wire.HEADER + kept);
      send(output.stream);
    }
    if (full && large.isEmpty()) {
      large = larges.take();
      large.ifPresent(more -> buffer = more.bytes());
    }
  }

  /// A terminal that nobody has open any more ends with EIO.
  private int read(Fd source) throws LinuxException {
    try {
      return source.read(buffer);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EIO) {
        return -1;
      }
      throw e;
    }
  }

  /// A client that takes no more may have said something before: that it hangs up.
  private void send(Stream stream) {
    try {
      caller.wire().sendInPlace(stream, buffer);
    } catch (IOException _) {
      unheard = true;
    }
  }

  /// A reader that is slow: nothing is read from the process until there is room again.
  private boolean holdBack() throws LinuxException {
    if (!held && !unheard && !caller.socket().writable()) {
      held = true;
      watchOutputs(0);
      watchClient();
    }
    return held;
  }

  private void watchOutputs(int interest) throws LinuxException {
    for (var output : outputs.entrySet()) {
      if (output.getValue().source.isOpen()) {
        poller.modify(output.getValue().source, interest, output.getKey());
      }
    }
  }

  private void watchClient() throws LinuxException {
    boolean full = input.isPresent() && input.get().full();
    int interest = (full ? 0 : Poller.IN) | (held ? Poller.OUT : 0);
    if (interest != watched) {
      poller.modify(caller.socket(), interest, CLIENT);
      watched = interest;
    }
  }

  private void client(int events) throws IOException {
    if (abandoned) {
      return;
    }
    if (held && (events & Poller.OUT) != 0) {
      release();
      watchClient();
    }
    if ((events & ~Poller.OUT) != 0) {
      hear();
    }
  }

  private void release() throws LinuxException {
    held = false;
    watchOutputs(Poller.IN);
  }

  private void abandon() throws LinuxException {
    if (!abandoned) {
      abandoned = true;
      unheard = true;
      poller.remove(caller.socket());
      if (held) {
        release();
      }
    }
  }

  private void hear() throws IOException {
    Optional<Frame> frame = receive();
    if (frame.isEmpty()) {
      abandon();
      endInput();
      return;
    }
    switch (frame.get()) {
      case Frame.Data(Stream _, byte[] bytes) -> take(bytes);
      case Frame.Text(Request.Resize(int columns, int rows)) -> resize(new Pty.Size(columns, rows));
      case Frame.Text(Request.CloseInput _) -> closeInput();
      case Frame.Text(Request.HangUp _) -> hangUp();
      case Frame.Text _ -> {} // of a newer daemon
    }
  }

  private Optional<Frame> receive() {
    try {
      return caller.wire().receive();
    } catch (IOException _) { // the daemon is gone, or talks nonsense
      return Optional.empty();
    }
  }

  private void take(byte[] bytes) throws IOException {
    if (input.isPresent()) {
      input.get().add(bytes);
      push(input.get());
    }
  }

  private void push(ClientInput from) throws IOException {
    int count = from.push();
    if (abandoned) {
      return;
    }
    taken += count;
    untold += count;
    if (caller.counts() && !unheard) {
      widen(from);
      if (untold >= from.window() / 2) {
        tell(new Reply.Taken(untold));
        untold = 0;
      }
    }
    watchClient();
  }

  /// Each word to the client costs as much as moving some ten thousand bytes.
  private void widen(ClientInput from) {
    if (taken >= BUSY && wide.isEmpty()) {
      wide = larges.widen();
      wide.ifPresent(_ -> untold += from.widen(SessionBuffers.WINDOW));
    }
  }

  private void tell(Reply reply) {
    try {
      caller.wire().send(reply);
    } catch (IOException _) {
      unheard = true;
    }
  }

  private void resize(Pty.Size size) throws LinuxException {
    if (terminal.isPresent() && terminal.get().isOpen()) {
      Pty.resize(terminal.get(), size);
    }
  }

  /// A terminal stays open: its user types the end of the file.
  private void closeInput() throws LinuxException {
    if (terminal.isEmpty()) {
      endInput();
    }
  }

  private void endInput() throws LinuxException {
    if (input.isPresent()) {
      input.get().end();
    }
  }

  /// The user has gone: a terminal is hung up, and nobody reads any other output any more. What was
  /// only run for its result is killed.
  private void hangUp() throws IOException {
    abandon();
    if (endsWithItsCaller && exit.isEmpty()) {
      tree.kill(process.pid());
    }
    for (Output output : outputs.values()) {
      if (output.source.isOpen()) {
        poller.remove(output.source);
      }
    }
    outputs.clear();
    if (terminal.isPresent()) {
      terminal.get().close();
    }
    if (input.isPresent()) {
      input.get().drop();
    }
    farewell.run();
  }

  @Override
  public void close() {
    large.ifPresent(SessionBuffers.Large::close);
    wide.ifPresent(SessionBuffers.Wide::close);
    poller.close();
  }
}
