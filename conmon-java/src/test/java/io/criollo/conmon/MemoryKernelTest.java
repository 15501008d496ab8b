// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.Footprint.Memory;
import io.criollo.conmon.client.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the monitor may take; [Footprint] measures more of it, beside conmon.
class MemoryKernelTest {
  private static final int FEW = 10;
  private static final int MANY = 50;
  private static final int SESSIONS = 240;

  /// What may be under way to a process.
  private static final int PIECE = 60 << 10;

  /// A quarter of the least that was seen of a conmon: Debian's 2.1.12 takes 255 to 400 KiB (PSS),
  /// so that from some number of containers on one monitor takes less than all of those.
  private static final long KIB_EACH = 64;

  /// 150 conmon take 38.5 MiB (PSS). Without a cache of loaded classes, as here, 5 more are
  /// allowed.
  private static final long KIB_IN_ALL = (38 + 5) << 10;

  /// That sessions which have ended may leave.
  private static final long KIB_LEFT = 20 << 10;

  @TempDir private Path folder;

  @Test
  void aContainerMoreCostsLessThanAConmonAndManyLessThanTheirs() throws Exception {
    var node = new TestNode(folder, "crun");
    Memory few = with(FEW, node);
    Memory many = with(MANY - FEW, node);
    System.out.println("MiB pss, rss, anonymous:" + few + " and" + many);
    long each = (many.anonymous() - few.anonymous()) / (MANY - FEW);
    assertThat(each).as("KiB for each container more").isLessThan(KIB_EACH);
    assertThat(many.anonymous()).as("KiB in all").isLessThan(KIB_IN_ALL);
    node.stop();
  }

  /// As if 240 users sent a file through `cat` at once. With 128 KiB for each it would be 47 MB.
  @Test
  void sessionsThatAreBusyAtOnceDoNotTakeTheMonitorsMemory() throws Exception {
    var node = new TestNode(folder, "crun", TestNode.launch("-XX:MaxDirectMemorySize=40m"));
    String id = node.newId();
    node.run(id, "exec sleep 1000");
    manySessions(node, id);
    node.stop();
  }

  @Test
  void whatManySessionsTookIsGivenBack() throws Exception {
    var node = new TestNode(folder, "crun");
    String id = node.newId();
    node.run(id, "exec sleep 1000");
    Memory before = Footprint.settled(node.monitorPid());
    for (int i = 0; i < 3; i++) {
      manySessions(node, id);
    }
    Memory after = Footprint.settled(node.monitorPid());
    System.out.println("MiB pss, rss, anonymous:" + before + " and" + after);
    assertThat(after.anonymous()).as("KiB").isLessThan(before.anonymous() + KIB_LEFT);
    node.stop();
  }

  private static void manySessions(TestNode node, String id) throws Exception {
    var sessions = new ArrayList<Session>();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(node.execProgram(id, "/bin/cat"));
    }
    for (var session : sessions) {
      session.write(new byte[PIECE]);
    }
    for (var session : sessions) {
      session.closeInput();
      assertThat(size(session)).isEqualTo(PIECE);
      assertThat(session.exitCode()).contains(0);
      session.close();
    }
  }

  private static int size(Session session) throws Exception {
    int size = 0;
    for (var part = session.read(); part.isPresent(); part = session.read()) {
      size += part.get().bytes().length;
    }
    return size;
  }

  private static Memory with(int more, TestNode node) throws Exception {
    for (int i = 0; i < more; i++) {
      node.run(node.newId(), "exec sleep 1000");
    }
    return Footprint.settled(node.monitorPid());
  }
}
