// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.io.EventLoop;
import io.criollo.conmon.log.LogBuffers;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.PidFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers whose processes have ended since, or do not end: the rest needs real ones, as in
/// MonitorKernelTest.
@Timeout(60)
class TakeoverTest {
  /// Behind every real one (pid_max is 4194304 at most).
  private static final CreatedProcess GONE = new CreatedProcess(5_000_000, 1);

  @TempDir private Path dir = Path.of("");
  private Shared shared;

  @BeforeEach
  void start() throws IOException {
    var loop = EventLoop.start();
    var store = FdStore.open(loop, Files.createDirectory(dir.resolve("state")), dir);
    var exits = ExitRecorder.open(dir.resolve("state"));
    var memory = new SessionMemory(() -> {});
    shared =
        new Shared(
            loop,
            store,
            new OomWatches(loop),
            exits,
            new LogBuffers(),
            new SessionBuffers(),
            memory,
            dir);
  }

  private ContainerFolder leave(String id, ContainerStdio stdio) throws IOException {
    return leave(id, stdio, GONE);
  }

  private ContainerFolder leave(String id, ContainerStdio stdio, CreatedProcess process)
      throws IOException {
    var folder = ContainerFolder.of(dir, id);
    Files.createDirectories(folder.path());
    Streams.make(folder, stdio);
    var runtime = new OciRuntimeSettings("crun", Path.of("/bin/false"), dir.resolve("crun"), false);
    folder.save(new CreateRequest(id, dir, runtime, stdio, dir.resolve("no/cgroup")));
    folder.process().save(process);
    return folder;
  }

  private Map<String, MonitoredProcess> takeOver() throws Exception {
    var taken = new HashMap<String, MonitoredProcess>();
    new Takeover(shared).run(taken);
    return taken;
  }

  private ExitRecord exit(String id) {
    return shared.exits().exit(id).orElseThrow();
  }

  @Test
  void aContainerWhoseLogCannotBeOpenedIsTakenOverWithAllOthers() throws Exception {
    Path logs = Files.createDirectory(dir.resolve("logs"));
    ContainerFolder bad = leave("bad", ContainerStdio.logged(dir.resolve("gone/0.log")));
    ContainerFolder good = leave("good", ContainerStdio.logged(logs.resolve("0.log")));
    Map<String, MonitoredProcess> taken;
    try (Fd badOut = Fifo.openBoth(bad.fifo("stdout"));
        Fd goodOut = Fifo.openBoth(good.fifo("stdout"))) {
      badOut.writeAll("last words\n".getBytes(UTF_8));
      goodOut.writeAll("last words\n".getBytes(UTF_8));
      taken = takeOver();
    }
    assertThat(taken).containsOnlyKeys("bad", "good");
    assertThat(exit("bad").reason()).isEqualTo("it ended while no monitor ran");
    assertThat(exit("good").reason()).isEqualTo("it ended while no monitor ran");
    assertThat(taken.get("bad"))
        .extracting(MonitoredProcess::loss)
        .isEqualTo(new LogLoss(11, 0, 0));
    assertThat(logs.resolve("0.log")).content().endsWith(" stdout F last words\n");
  }

  @Test
  void aProcessThatOnlyTheRuntimeWroteDownIsNotedForTheNextMonitor() throws Exception {
    ContainerFolder folder = leaveReader("early");
    Files.delete(folder.process().saved());
    long pid = ProcessHandle.current().pid();
    Files.writeString(folder.process().pidFile(), Long.toString(pid));
    MonitoredProcess taken = Optional.ofNullable(takeOver().get("early")).orElseThrow();
    try {
      assertThat(folder.process().written()).contains(taken.process());
      assertThat(taken.process().pid()).isEqualTo(pid);
    } finally {
      end(taken);
      folder.remove();
    }
  }

  /// Of a container that reads its input until it ends; this process stands for the container's.
  private ContainerFolder leaveReader(String id) throws IOException {
    long pid = ProcessHandle.current().pid();
    var stdio = new ContainerStdio(Optional.of(dir.resolve(id + ".log")), false, true, true);
    return leave(id, stdio, new CreatedProcess(pid, PidFd.startTime(pid)));
  }

  /// {@return 0 while somebody may write, -1 at the end}
  private static int read(Fd reader) throws IOException {
    return reader.read(ByteBuffer.allocateDirect(1));
  }

  /// Closes only what the kernel closes with a monitor.
  private void die(MonitoredProcess process) throws Exception {
    shared
        .loop()
        .call(() -> {
          process.io().orElseThrow().closeInput();
          return process;
        });
  }

  private void end(MonitoredProcess process) throws Exception {
    shared
        .loop()
        .call(() -> {
          process.close();
          return process;
        });
  }

  @Test
  void inputThatIsGivenOnceEndsWithItsClientAndNotWithTheMonitor() throws Exception {
    ContainerFolder folder = leaveReader("reader");
    try (Fd reader = Fifo.openRead(folder.fifo("stdin"))) {
      MonitoredProcess first = Optional.ofNullable(takeOver().get("reader")).orElseThrow();
      die(first);
      assertThat(read(reader)).as("nobody has closed it").isZero();

      MonitoredProcess second = Optional.ofNullable(takeOver().get("reader")).orElseThrow();
      shared
          .loop()
          .call(() -> {
            second.closeInput();
            return second;
          });
      assertThat(read(reader)).as("nobody of ours holds it").isEqualTo(-1);

      MonitoredProcess third = Optional.ofNullable(takeOver().get("reader")).orElseThrow();
      assertThat(read(reader)).as("nobody has opened it again").isEqualTo(-1);
      assertThat(shared.loop().call(third::io)).flatMap(ContainerIo::input).isEmpty();
      for (MonitoredProcess each : List.of(first, second, third)) {
        end(each);
      }
    }
  }
}
