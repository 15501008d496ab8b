// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetNsKernelTest {
  private static final Path OWN = Path.of("/proc/self/ns/net");
  private Path dir;

  @BeforeEach
  void makeDirectory() throws Exception {
    dir = Files.createTempDirectory("ns").toRealPath();
  }

  @AfterEach
  void nothingStays() throws Exception {
    NetNs.unpin(dir);
    Files.delete(dir);
    assertThat(MountInfo.self()).noneMatch(mount -> mount.mountPoint().startsWith(dir));
  }

  @Test
  void pinsNamespacesThatWereSetUpInside() throws Exception {
    var before = Files.readSymbolicLink(OWN);
    NetNs.pin(
        EnumSet.of(Namespace.NET, Namespace.IPC, Namespace.UTS),
        dir,
        () -> {
          Hostname.set("pod-1");
          Network.loopbackUp();
          Sysctl.set("net.ipv4.ip_unprivileged_port_start", "0");
          Sysctl.set("kernel.shm_rmid_forced", "1");
        });
    assertThat(NetNs.isPinned(dir.resolve("net"))).isTrue();
    assertThat(NetNs.isPinned(dir.resolve("ipc"))).isTrue();
    assertThat(NetNs.isPinned(dir.resolve("uts"))).isTrue();
    assertThat(Files.readSymbolicLink(OWN)).isEqualTo(before);
    assertThat(inside("/bin/uname", "-n")).isEqualTo("pod-1\n");
    var up = NsThread.call(dir.resolve("net"), () -> NetworkInterface.getByName("lo").isUp());
    assertThat(up).isTrue();
    assertThat(
            NsThread.call(
                dir.resolve("net"), () -> Sysctl.get("net.ipv4.ip_unprivileged_port_start")))
        .isEqualTo("0");
    assertThat(Sysctl.get("net.ipv4.ip_unprivileged_port_start")).isNotEqualTo("0");
  }

  /// Runs a program in the pinned UTS namespace.
  private String inside(String... argv) throws Exception {
    var result =
        NamespaceThread.run(
            "test",
            () -> {
              NsThread.join(dir.resolve("uts"), Namespace.UTS);
              return Spawn.run(Spawn.Command.of(Duration.ofSeconds(20), argv));
            });
    return new String(result.stdout(), UTF_8);
  }

  @Test
  void pinsTheNamespacesThatAnotherProcessLivesIn() throws Exception {
    var command = List.of("/usr/bin/unshare", "--pid", "--fork", "--ipc", "/bin/sleep", "1000");
    try (var unshare =
        Spawn.start(
            new Spawn.Launch(
                command, Map.of(), Optional.empty(), Map.of(), Spawn.Group.OWN_GROUP))) {
      try (var sleep = PidFd.open(onlyChild(unshare.pid()))) {
        var ipc = Files.readSymbolicLink(Path.of("/proc/" + sleep.pid() + "/ns/ipc"));

        NetNs.pinOf(sleep, Set.of(Namespace.PID, Namespace.IPC), dir);

        assertThat(NetNs.isPinned(dir.resolve("pid"))).isTrue();
        assertThat(Files.readAttributes(dir.resolve("ipc"), "unix:ino").get("ino"))
            .hasToString(ipc.toString().replaceAll("\\D", ""));
      } finally {
        unshare.signalGroup(Signals.SIGKILL);
        unshare.waitExit();
      }
    }
  }

  private static long onlyChild(long pid) throws Exception {
    var children = Path.of("/proc/" + pid + "/task/" + pid + "/children");
    for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; ) {
      var text = Files.readString(children).strip();
      if (!text.isEmpty()
          && Files.readString(Path.of("/proc/" + text + "/comm")).equals("sleep\n")) {
        return Long.parseLong(text);
      }
      Thread.sleep(5);
    }
    throw new AssertionError("no child of " + pid);
  }

  @Test
  void aProcessThatHasEndedIsNotPinned() throws Exception {
    try (var child =
        Spawn.start(
            new Spawn.Launch(
                List.of("/bin/true"),
                Map.of(),
                Optional.empty(),
                Map.of(),
                Spawn.Group.OWN_GROUP))) {
      child.waitExit();

      assertThatThrownBy(() -> NetNs.pinOf(child.pidFd(), Set.of(Namespace.NET), dir))
          .isInstanceOf(LinuxException.class);
    }
  }

  @Test
  void socketsOfTheNamespaceWorkOutsideOfIt() throws Exception {
    NetNs.pin(Set.of(Namespace.NET), dir, Network::loopbackUp);
    var net = dir.resolve("net");
    try (var server =
            NsThread.call(
                net,
                () ->
                    ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        var client = NsThread.call(net, () -> SocketChannel.open(server.getLocalAddress()));
        var accepted = server.accept()) {
      assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
      assertThatThrownBy(() -> SocketChannel.open(server.getLocalAddress()))
          .hasMessageContaining("refused");
    }
  }

  @Test
  void aFailingSetupLeavesNothing() throws Exception {
    assertThatThrownBy(() ->
            NetNs.pin(
                Set.of(Namespace.NET),
                dir,
                () -> {
                  throw new LinuxException(Errno.EIO, "set up", "");
                }))
        .hasMessage("set up: EIO");
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aFailingPinLeavesNothing() throws Exception {
    var absent = dir.resolve("absent");
    assertThatThrownBy(() ->
            NetNs.pin(EnumSet.of(Namespace.NET, Namespace.IPC, Namespace.UTS), absent, () -> {}))
        .hasMessageContaining("ENOENT");
    Files.createDirectory(dir.resolve("uts"));
    assertThatThrownBy(
            () -> NetNs.pin(EnumSet.of(Namespace.NET, Namespace.IPC, Namespace.UTS), dir, () -> {}))
        .isInstanceOf(LinuxException.class);
    assertThat(MountInfo.self()).noneMatch(mount -> mount.mountPoint().startsWith(dir));
    Files.delete(dir.resolve("uts"));
  }

  @Test
  void unpinAcceptsWhatIsNotPinned() throws Exception {
    Files.writeString(dir.resolve("net"), "a plain file, as after a reboot");
    assertThat(NetNs.isPinned(dir.resolve("net"))).isFalse();
    assertThat(NetNs.isPinned(dir.resolve("absent"))).isFalse();
    NetNs.unpin(dir);
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void joiningWhatIsNoNamespaceIsRefused() throws Exception {
    var file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> NsThread.call(file, () -> 1))
        .hasMessage("join namespace " + file + ": EINVAL (not a net namespace)");
    Files.delete(file);
  }

  @Test
  void anInterruptOfTheCallerReachesTheWork() throws Exception {
    var started = new java.util.concurrent.CountDownLatch(1);
    var caller =
        Thread.ofVirtual()
            .start(() ->
                assertThatThrownBy(() ->
                        NsThread.call(
                            OWN,
                            () -> {
                              started.countDown();
                              new java.util.concurrent.CountDownLatch(1).await();
                              return 1;
                            }))
                    .isInstanceOf(InterruptedException.class));
    started.await();
    caller.interrupt();
    assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
  }
}
