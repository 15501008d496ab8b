// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.linux.DirFd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
  @TempDir Path folder;
  private Path tree;
  private Path seal;

  @BeforeEach
  void make() throws IOException {
    tree = Files.createDirectories(folder.resolve("tree"));
    seal = folder.resolve(Seal.FILE);
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/file"), "content");
    Files.writeString(tree.resolve("a/b/ blank=1 \\ and\nline"), "odd");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a/b c"));
    var large = new byte[3_000_001];
    new Random(1).nextBytes(large);
    Files.write(tree.resolve("large"), large);
    Seal.write(tree, Optional.empty(), seal);
  }

  private Optional<String> fault(Depth depth) throws IOException {
    return SealCheck.fault(tree, seal, depth, Pace.full());
  }

  @Test
  void aTreeThatIsAsItWasPasses() throws Exception {
    assertThat(fault(Depth.QUICK)).isEmpty();
    assertThat(fault(Depth.WHOLE)).isEmpty();
  }

  @Test
  void aPersonCanReadIt() throws Exception {
    try (var in = new GZIPInputStream(Files.newInputStream(seal))) {
      var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(lines).hasSize(8).endsWith("end");
      assertThat(lines.getFirst()).startsWith(". mode=40");
      assertThat(lines.get(1)).startsWith("large mode=100").contains(" size=3000001 links=1 ");
      assertThat(lines.get(2)).startsWith("link mode=120777").endsWith(" target=a/b\\_c");
      assertThat(lines.get(4)).startsWith("a/file mode=").endsWith(" crc32c=" + sumOf("content"));
      assertThat(lines.get(6)).startsWith("a/b/\\_blank=1\\_\\\\\\_and\\nline mode=");
    }
  }

  private static String sumOf(String content) {
    var sum = new CRC32C();
    sum.update(content.getBytes(StandardCharsets.UTF_8));
    return FileLine.hex(sum.getValue());
  }

  @Test
  void theFirstDifferenceIsNamed() throws Exception {
    var time = Files.getLastModifiedTime(tree.resolve("a/file"));
    Files.writeString(tree.resolve("a/file"), "contend");
    Files.setLastModifiedTime(tree.resolve("a/file"), time);
    assertThat(fault(Depth.QUICK)).isEmpty();
    assertThat(fault(Depth.WHOLE))
        .hasValue("a/file: is crc32c=" + sumOf("contend") + ", was crc32c=" + sumOf("content"));
    Files.writeString(tree.resolve("a/file"), "cont");
    Files.setLastModifiedTime(tree.resolve("a/file"), time);
    assertThat(fault(Depth.QUICK)).hasValue("a/file: is size=4, was size=7");
  }

  @Test
  void notesOfTheUnpackingAreTakenForTrue() throws Exception {
    try (var parent = DirFd.open(folder);
        var directory = DirFd.open(tree);
        var notes = SumNotes.beside(parent, "tree")) {
      notes.add(directory.stat("large").inode(), 7);
      notes.finish();
    }
    Seal.write(tree, Optional.of(folder.resolve("tree" + SumNotes.SUFFIX)), seal);
    assertThat(fault(Depth.QUICK)).isEmpty();
    assertThat(fault(Depth.WHOLE).orElseThrow())
        .startsWith("large: is crc32c=")
        .endsWith(", was crc32c=00000007");
  }

  @Test
  void aFileOfHolesIsNotReadButMustKeepItsSize() throws Exception {
    try (var file = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    Seal.write(tree, Optional.empty(), seal);
    assertThat(fault(Depth.WHOLE)).isEmpty();
    var time = Files.getLastModifiedTime(tree.resolve("holes"));
    try (var file = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      file.setLength(1L << 39);
    }
    Files.setLastModifiedTime(tree.resolve("holes"), time);
    assertThat(fault(Depth.QUICK).orElseThrow()).startsWith("holes: is size=");
  }

  @Test
  void sealsThatAreNoneAreFaultsAndNothingWorse() throws Exception {
    var good = Files.readAllBytes(seal);
    var random = new Random(20261121);
    for (int i = 0; i < 300; i++) {
      var bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      var cut = Arrays.copyOf(bad, random.nextInt(bad.length));
      Files.write(seal, cut);
      assertThat(fault(Depth.QUICK)).as("cut").isPresent();
    }
    var text = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(text)) {
      out.write("no line\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.write(seal, text.toByteArray());
    assertThat(fault(Depth.QUICK)).isPresent();
    Files.write(seal, "no gzip".getBytes(StandardCharsets.UTF_8));
    assertThat(fault(Depth.QUICK).orElseThrow()).contains("seal is broken");
  }

  @Test
  void aCheckWhosePaceIsClosedFindsNothing() throws Exception {
    var pace = Pace.full();
    pace.close();
    assertThatThrownBy(() -> SealCheck.fault(tree, seal, Depth.WHOLE, pace))
        .isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void aPaceIsKept() throws Exception {
    var begin = System.nanoTime();
    SealCheck.fault(tree, seal, Depth.WHOLE, Pace.ofBytesPerSecond(10_000_000));
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(250_000_000);
  }
}
