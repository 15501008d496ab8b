// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers whose processes have ended since: the rest needs real ones, as in MonitorKernelTest.
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
    shared = new Shared(loop, store, exits, new LogBuffers(), new SessionBuffers(), memory, dir);
  }

  private ContainerFolder leave(String id, ContainerStdio stdio) throws IOException {
    var folder = ContainerFolder.of(dir, id);
    Files.createDirectories(folder.path());
    Streams.make(folder, stdio);
    var runtime = new OciRuntimeSettings("crun", Path.of("/bin/false"), dir.resolve("crun"), false);
    folder.save(new CreateRequest(id, dir, runtime, stdio, dir.resolve("no/cgroup")));
    folder.process().save(GONE);
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
}
