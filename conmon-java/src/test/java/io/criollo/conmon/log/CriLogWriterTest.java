// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    return CriLogWriter.open(new LogBuffers(), folder, Optional.of(log()));
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
    var path = Optional.of(Path.of("/dev/full"));
    try (CriLogWriter writer = CriLogWriter.open(new LogBuffers(), folder, path)) {
      write("one\ntwo\n");
      assertThat(take(writer, Stream.STDOUT)).isEqualTo(8);
      assertThat(writer.dropped()).isEqualTo(2 * CriLines.HEADER + 8);
      assertThat(writer.unfinished(Stream.STDOUT)).isNegative();
    }
  }

  @Test
  void withoutALogTheOutputIsTakenAndForgotten() throws IOException {
    try (var writer = CriLogWriter.open(new LogBuffers(), folder, Optional.empty())) {
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
}
