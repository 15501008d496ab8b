// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CriLogWriterTest {
  private static final String ID = "0123456789abcdef";
  @TempDir private Path folder;
  private Fd pipeOut;
  private Fd pipeIn;

  @BeforeEach
  void openPipe() throws IOException {
    Fd[] ends = Fd.pipe();
    pipeOut = ends[0];
    pipeIn = ends[1];
  }

  @AfterEach
  void closePipe() {
    pipeOut.close();
    pipeIn.close();
  }

  private Path log() {
    return folder.resolve("0.log");
  }

  private CriLogWriter open() throws IOException {
    return open(LogPolicy.PLAIN);
  }

  private CriLogWriter open(LogPolicy policy) throws IOException {
    return open(new LogBuffers(), ContainerStdio.logged(log(), policy));
  }

  private CriLogWriter open(LogBuffers buffers, ContainerStdio stdio) throws IOException {
    return CriLogWriter.open(buffers, folder, ID, stdio);
  }

  private void write(String text) throws IOException {
    pipeIn.writeAll(text.getBytes(ISO_8859_1));
  }

  private int take(CriLogWriter writer, Stream stream) throws IOException {
    int count = writer.fill(stream, pipeOut);
    writer.write(stream);
    return count;
  }

  /// What a reader of the logs gets, in the manner of the kubelet.
  private static String content(Path log) throws IOException {
    var text = new StringBuilder();
    for (String line : Files.readString(log, ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      assertThat(line).matches("(?s)\\d{4}-\\d\\d-\\d\\dT[0-9:.]{18}Z std(out|err) [PF] .*");
      text.append(line.substring(CriLines.HEADER));
      text.append(line.charAt(CriLines.HEADER - 2) == 'F' ? "\n" : "");
    }
    return text.toString();
  }

  @Test
  void wholeLinesGoToTheLogAtOnceAndTheRestWhenAskedFor() throws IOException {
    try (CriLogWriter writer = open()) {
      write("one\ntwo");
      assertThat(take(writer, Stream.STDOUT)).isEqualTo(7);
      assertThat(content(log())).isEqualTo("one\n");
      assertThat(writer.unfinished(Stream.STDOUT)).isEqualTo(4);
      writer.flush(Stream.STDOUT);
      write(" and more\n");
      take(writer, Stream.STDOUT);
      assertThat(content(log())).isEqualTo("one\ntwo and more\n");
      assertThat(writer.unfinished(Stream.STDOUT)).isNegative();
    }
  }

  @Test
  void reopenMakesTheFileAnewAndNothingIsLostOrDoubled() throws IOException {
    Path old = folder.resolve("0.log.1");
    try (CriLogWriter writer = open()) {
      write("a\nb");
      take(writer, Stream.STDOUT);
      Files.move(log(), old);
      writer.reopen();
      assertThat(log()).exists();
      write("c\n");
      take(writer, Stream.STDOUT);
    }
    assertThat(content(old) + content(log())).isEqualTo("a\nbc\n");
  }

  @Test
  void entriesBehindTheCheckpointAreReplacedNotDoubled() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    byte[] before;
    try (CriLogWriter writer = open()) {
      write("one\n");
      take(writer, Stream.STDOUT);
      before = Files.readAllBytes(checkpoint);
      write("two\nthree\n");
      take(writer, Stream.STDOUT);
    }
    byte[] complete = Files.readAllBytes(log());
    Files.write(checkpoint, before); // as if killed between the write and the checkpoint
    try (CriLogWriter _ = open()) {
      assertThat(Files.readAllBytes(log())).isEqualTo(complete);
    }
  }

  @Test
  void aTornEntryIsCompleted() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    byte[] before;
    try (CriLogWriter writer = open()) {
      before = Files.readAllBytes(checkpoint);
      write("one\ntwo\n");
      take(writer, Stream.STDOUT);
    }
    Files.write(checkpoint, before);
    try (var file = new RandomAccessFile(log().toFile(), "rw")) {
      file.setLength(file.length() - 6);
    }
    try (CriLogWriter _ = open()) {
      assertThat(content(log())).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void aLogThatWasRenamedBeforeTheCrashIsGoneOnWith() throws IOException {
    Path old = folder.resolve("0.log.2");
    try (CriLogWriter writer = open()) {
      write("one\n");
      take(writer, Stream.STDOUT);
    }
    Files.move(log(), old);
    try (CriLogWriter writer = open()) {
      write("two\n");
      take(writer, Stream.STDOUT);
      assertThat(log()).doesNotExist();
      writer.reopen();
      assertThat(log()).isEmptyFile();
    }
    assertThat(content(old)).isEqualTo("one\ntwo\n");
  }

  @Test
  void aFileSystemWithoutRoomNeitherBlocksNorTearsTheLog() throws IOException {
    var full = ContainerStdio.logged(Path.of("/dev/full"));
    try (CriLogWriter writer = open(new LogBuffers(), full)) {
      write("one\ntwo\n");
      assertThat(take(writer, Stream.STDOUT)).isEqualTo(8);
      assertThat(writer.loss().refused()).isEqualTo(2 * CriLines.HEADER + 8);
      assertThat(writer.unfinished(Stream.STDOUT)).isNegative();
    }
  }

  private static final LogPolicy SMALL = new LogPolicy(LogPolicy.LEAST, false, Optional.empty());

  @Test
  void aFullLogStartsAnewAndNeverExceedsItsLimit() throws IOException {
    try (CriLogWriter writer = open(SMALL)) {
      var last = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        write(("line " + i + "\n").repeat(60));
        take(writer, Stream.STDOUT);
        assertThat(Files.size(log())).isPositive().isLessThanOrEqualTo(LogPolicy.LEAST);
        last.append(("line " + i + "\n").repeat(60));
        assertThat(last.toString()).endsWith(content(log()));
      }
      assertThat(writer.loss()).isEqualTo(LogLoss.NONE);
    }
    assertThat(folder.resolve("0.log.tmp")).doesNotExist();
  }

  @Test
  void aReaderSeesThatAnotherFileTookThePlaceOfAFullOne() throws IOException {
    try (CriLogWriter writer = open(SMALL)) {
      write("first\n");
      take(writer, Stream.STDOUT);
      Object before = Files.getAttribute(log(), "unix:ino");
      write("x".repeat(8150) + "\n");
      take(writer, Stream.STDOUT);
      assertThat(Files.getAttribute(log(), "unix:ino")).isNotEqualTo(before);
      assertThat(content(log())).isEqualTo("x".repeat(8150) + "\n");
    }
  }

  @Test
  void aLineAsLongAsTheLimitIsLoggedAllTheSame() throws IOException {
    try (CriLogWriter writer = open(SMALL)) {
      write("y".repeat(20_000));
      while (take(writer, Stream.STDOUT) > 0) {}
      writer.flush(Stream.STDOUT);
      assertThat(content(log())).isEqualTo("y".repeat(20_000 % CriLines.WIDTH));
    }
  }

  /// As if killed between the checkpoint and the new file's taking its place.
  @Test
  void afterACrashTheNextFileTakesItsPlace() throws IOException {
    byte[] checkpoint;
    try (CriLogWriter writer = open(SMALL)) {
      write("a".repeat(7000) + "\n" + "b".repeat(7000) + "\n");
      take(writer, Stream.STDOUT);
      checkpoint = Files.readAllBytes(folder.resolve("checkpoint"));
    }
    Files.move(log(), folder.resolve("0.log.tmp"));
    Files.writeString(log(), "old\n");
    Files.write(folder.resolve("checkpoint"), checkpoint);
    try (CriLogWriter writer = open(SMALL)) {
      write("c\n");
      take(writer, Stream.STDOUT);
    }
    assertThat(content(log())).isEqualTo("b".repeat(7000) + "\nc\n");
    assertThat(folder.resolve("0.log.tmp")).doesNotExist();
  }

  @Test
  void whereNoOtherFileCanBeMadeTheFullOneIsEmptied() throws IOException {
    Files.createDirectories(folder.resolve("0.log.tmp/in-the-way"));
    try (CriLogWriter writer = open(SMALL)) {
      write("a".repeat(7000) + "\n" + "b".repeat(7000) + "\n");
      take(writer, Stream.STDOUT);
      assertThat(content(log())).isEqualTo("b".repeat(7000) + "\n");
    }
  }

  @Test
  void whatIsDroppedIsWholeLinesAndCounted() throws IOException {
    try (CriLogWriter writer = open()) {
      write("one\nhal");
      take(writer, Stream.STDOUT);
      write("f\ntwo\nthree\nfo");
      int count = writer.fill(Stream.STDOUT, pipeOut);
      assertThat(count).isEqualTo(14);
      writer.drop(Stream.STDOUT);
      assertThat(writer.loss()).isEqualTo(new LogLoss(0, "two\nthree\n".length(), 0));
      write("ur\n");
      take(writer, Stream.STDOUT);
    }
    assertThat(content(log())).isEqualTo("one\nhalf\nfour\n");
    assertThat(CriLogWriter.lossIn(folder).dropped()).isEqualTo(10);
  }

  @Test
  void oneLineAloneIsNeverDropped() throws IOException {
    try (CriLogWriter writer = open()) {
      write("z".repeat(30_000));
      var _ = writer.fill(Stream.STDOUT, pipeOut);
      writer.drop(Stream.STDOUT);
      write("\nlast\n");
      take(writer, Stream.STDOUT);
      assertThat(writer.loss()).isEqualTo(LogLoss.NONE);
    }
    assertThat(content(log())).isEqualTo("z".repeat(30_000) + "\nlast\n");
  }

  private static final LogPolicy JOURNAL = new LogPolicy(0, false, Optional.of("k8s_a_b"));

  private static String received(Fd journal, ByteBuffer buffer) throws IOException {
    int count = UnixSockets.receive(journal, buffer.clear()).count();
    byte[] bytes = new byte[count];
    buffer.flip().get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private static String message(String text, String rest) {
    ByteBuffer length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length());
    return "MESSAGE\n" + new String(length.array(), ISO_8859_1) + text + "\n" + rest;
  }

  private static String fields(int priority) {
    return "PRIORITY="
        + priority
        + "\nCONTAINER_ID_FULL="
        + ID
        + "\nCONTAINER_ID=0123456789ab\n"
        + "CONTAINER_NAME=k8s_a_b\nSYSLOG_IDENTIFIER=k8s_a_b\n";
  }

  @Test
  void journaldGetsEachLineToo() throws IOException {
    Path socket = folder.resolve("journal");
    ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
    try (Fd journal = UnixSockets.bindDatagram(socket);
        var writer = open(new LogBuffers(socket), ContainerStdio.logged(log(), JOURNAL))) {
      write("one\n<4>two\nrest");
      take(writer, Stream.STDOUT);
      assertThat(received(journal, buffer)).isEqualTo(message("one", fields(6)));
      assertThat(received(journal, buffer)).isEqualTo(message("two", fields(4)));
      writer.flush(Stream.STDOUT);
      assertThat(received(journal, buffer))
          .isEqualTo(message("rest", fields(6) + "CONTAINER_PARTIAL_MESSAGE=true\n"));
      write("\377\000\n");
      take(writer, Stream.STDERR);
      assertThat(received(journal, buffer)).isEqualTo(message("\377\000", fields(3)));
    }
    assertThat(content(log())).isEqualTo("one\n<4>two\nrest\377\000\n");
  }

  @Test
  void aJournaldThatComesLateGetsWhatWasKeptAndTheRestIsCounted() throws IOException {
    Path socket = folder.resolve("journal");
    ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
    try (var writer = open(new LogBuffers(socket), ContainerStdio.logged(log(), JOURNAL))) {
      write("first\n");
      take(writer, Stream.STDOUT);
      for (int i = 0; i < 40; i++) {
        write("x".repeat(60_000) + "\n");
        take(writer, Stream.STDOUT);
      }
      assertThat(writer.loss().unsent()).isBetween(1L, 40 * 8L);
      assertThat(Files.size(log())).isGreaterThan(40 * 60_000);
      try (Fd journal = UnixSockets.bindDatagram(socket)) {
        assertThat(received(journal, buffer)).isEqualTo(message("first", fields(6)));
      }
    }
    assertThat(CriLogWriter.lossIn(folder).unsent()).isPositive();
  }

  @Test
  void withoutALogTheOutputIsTakenAndForgotten() throws IOException {
    var silent = new ContainerStdio(Optional.empty(), false, false, false);
    try (CriLogWriter writer = open(new LogBuffers(), silent)) {
      write("x".repeat(10_000));
      assertThat(take(writer, Stream.STDERR)).isEqualTo(10_000);
      assertThat(writer.unfinished(Stream.STDERR)).isNegative();
    }
  }

  @Test
  void usedBytesTakeNoMemory() throws IOException {
    try (CriLogWriter writer = open()) {
      for (int i = 0; i < 300; i++) {
        write(("y".repeat(99) + "\n").repeat(200));
        take(writer, Stream.STDOUT);
      }
      writer.flush(Stream.STDOUT);
    }
    byte[] spool = Files.readAllBytes(folder.resolve("spool.stdout"));
    assertThat(spool).hasSize(300 * 20_000);
    assertThat(Arrays.copyOf(spool, spool.length - 4096)).as("punched out").containsOnly(0);
  }

  /// The process dies at a random instant: any prefix of the log's surplus may be there.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void killsAtAnyStepLoseAndDoubleNothing(long seed) throws IOException {
    var random = new Random(seed);
    var written = new StringBuilder();
    Path checkpoint = folder.resolve("checkpoint");
    byte[] saved = new byte[0];
    long savedSize = 0;
    for (int life = 0; life < 20; life++) {
      try (CriLogWriter writer = open()) {
        for (int step = random.nextInt(6); step >= 0; step--) {
          saved = Files.readAllBytes(checkpoint);
          savedSize = Files.size(log());
          String text = ("line " + step + "\n").repeat(random.nextInt(900)) + "rest";
          written.append(text);
          write(text);
          take(writer, Stream.STDOUT);
        }
      }
      if (random.nextBoolean()) {
        long surplus = Files.size(log()) - savedSize;
        Files.write(checkpoint, saved, StandardOpenOption.TRUNCATE_EXISTING);
        try (var file = new RandomAccessFile(log().toFile(), "rw")) {
          file.setLength(savedSize + (surplus == 0 ? 0 : random.nextLong(surplus + 1)));
        }
      }
    }
    try (CriLogWriter writer = open()) {
      writer.flush(Stream.STDOUT);
    }
    assertThat(content(log())).isEqualTo(written.toString());
    assertThat(Files.readString(log(), UTF_8)).doesNotContain("\0");
  }

  private CriLogWriter goOn() throws IOException {
    return CriLogWriter.goOn(new LogBuffers(), folder, ID, ContainerStdio.logged(log()));
  }

  @Test
  void anewOnlyWithItsLog() throws IOException {
    Files.createDirectory(log());
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EISDIR));
  }

  @Test
  void goesOnWithoutItsLogCountsWhatIsMissingAndTriesAgain() throws IOException {
    Path hidden = folder.resolve("hidden");
    Path logs = Files.createDirectory(folder.resolve("logs"));
    var stdio = ContainerStdio.logged(logs.resolve("0.log"));
    try (CriLogWriter before = open(new LogBuffers(), stdio)) {
      write("one\n");
      take(before, Stream.STDOUT);
      write("kept\n");
      before.fill(Stream.STDOUT, pipeOut); // and killed before it was logged
    }
    Files.move(logs, hidden);
    try (CriLogWriter writer = CriLogWriter.goOn(new LogBuffers(), folder, ID, stdio)) {
      write("missing");
      take(writer, Stream.STDERR);
      assertThat(writer.loss()).isEqualTo(new LogLoss("kept\nmissing".length(), 0, 0));
      assertThat(writer.unfinished(Stream.STDERR)).as("nothing gathers").isNegative();
    }
    try (CriLogWriter writer = CriLogWriter.goOn(new LogBuffers(), folder, ID, stdio)) {
      assertThat(writer.loss().refused()).as("nothing is counted twice").isEqualTo(12);
      Files.move(hidden, logs);
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (content(stdio.log().orElseThrow()).equals("one\n") && System.nanoTime() < end) {
        write("again\n");
        take(writer, Stream.STDOUT);
      }
    }
    assertThat(content(stdio.log().orElseThrow())).isEqualTo("one\nagain\n");
  }

  @Test
  void aLogThatIsReopenedIsThereAtOnce() throws IOException {
    Files.createDirectory(log());
    try (CriLogWriter writer = goOn()) {
      Files.delete(log());
      writer.reopen();
      write("one\n");
      take(writer, Stream.STDOUT);
      assertThat(writer.loss()).isEqualTo(LogLoss.NONE);
    }
    assertThat(content(log())).isEqualTo("one\n");
  }
}
