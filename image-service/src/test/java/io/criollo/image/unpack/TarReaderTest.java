// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.TestLayer;
import io.criollo.image.unpack.TarEntry.Kind;
import io.criollo.linux.KernelString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class TarReaderTest {

  private record Read(TarEntry entry, String content) {}

  private static List<Read> read(byte[] tar) throws IOException {
    var reader = new TarReader(new BlockReader(new ByteArrayInputStream(tar)), 10_000);
    var found = new ArrayList<Read>();
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      var content = new ByteArrayOutputStream();
      var buffer = ByteBuffer.allocate(1000);
      while (reader.read(buffer.clear()) >= 0) {
        content.write(buffer.array(), 0, buffer.position());
      }
      found.add(new Read(entry.get(), content.toString(StandardCharsets.ISO_8859_1)));
    }
    return found;
  }

  private static byte[] rawPax(String name, byte[] record) {
    var layer = new TestLayer();
    layer.add(TestLayer.entry("pax", (byte) 'x', 0644), record);
    return layer.file(name, "c").tar();
  }

  @Test
  void everyKindOfEntryIsRead() throws Exception {
    var deep = "d/".repeat(120) + "file";
    var found =
        read(
            new TestLayer()
                .directory("d", 01777)
                .file(deep, "deep")
                .symlink("s", "../" + deep)
                .hardlink("h", "d/x")
                .device("n", 1, 3)
                .fifo("p")
                .tar());
    assertThat(found)
        .extracting(r -> r.entry().kind().getClass().getSimpleName())
        .containsExactly("Directory", "File", "Symlink", "Hardlink", "Device", "Fifo");
    assertThat(found.get(0).entry().attributes().mode()).isEqualTo(01777);
    assertThat(found.get(1).entry().name()).isEqualTo(deep);
    assertThat(found.get(1).content()).isEqualTo("deep");
    assertThat(found.get(2).entry().link()).isEqualTo("../" + deep);
    assertThat(found.get(4).entry().kind()).isEqualTo(new Kind.Device(false, 1, 3));
  }

  @Test
  void binaryAttributesSurvive() throws Exception {
    var capability = new byte[] {1, 0, 0, 2, 0, (byte) 0xc0, 0, '\n', '=', (byte) 0xff};
    var found = read(rawPax("f", TestLayer.record("SCHILY.xattr.security.capability", capability)));
    var xattrs = found.getFirst().entry().attributes().xattrs();
    assertThat(xattrs.get("security.capability")).extracting(x -> x.bytes()).isEqualTo(capability);
  }

  @Test
  void namesThatAreNotUtf8Survive() throws Exception {
    var name = new byte[] {'l', 'a', 't', (byte) 0xe9};
    var found = read(rawPax("f", TestLayer.record("path", name)));
    assertThat(KernelString.encode(found.getFirst().entry().name())).isEqualTo(name);
  }

  @Test
  void largeAndExactNumbersAreRead() throws Exception {
    var pax = Map.of("uid", "4000000000", "mtime", "-1.25", "path", "n/é");
    var entry = read(new TestLayer().withHeaders("x", pax, "c").tar()).getFirst().entry();
    assertThat(Integer.toUnsignedLong(entry.attributes().uid())).isEqualTo(4_000_000_000L);
    assertThat(entry.attributes().modified()).isEqualTo(Instant.ofEpochSecond(-2, 750_000_000));
    assertThat(entry.name()).isEqualTo("n/é");
  }

  @Test
  void sparseFilesGiveTheirExtents() throws Exception {
    var map = "2\n0\n3\n1000\n2\n";
    var stored = map + "\0".repeat(512 - map.length()) + "abcde";
    var pax =
        Map.of(
            "GNU.sparse.major", "1",
            "GNU.sparse.minor", "0",
            "GNU.sparse.name", "real",
            "GNU.sparse.realsize", "5000");
    var found = read(new TestLayer().withHeaders("GNUSparse.0/real", pax, stored).tar());
    var entry = found.getFirst().entry();
    assertThat(entry.name()).isEqualTo("real");
    assertThat(entry.size()).isEqualTo(5000);
    assertThat(entry.extents())
        .containsExactly(new TarEntry.Extent(0, 3), new TarEntry.Extent(1000, 2));
    assertThat(found.getFirst().content()).isEqualTo("abcde");
  }

  @Test
  void hostileHeadersAreRefused() {
    for (var pax :
        List.of(
            Map.of("uid", "4294967295"),
            Map.of("uid", "-1"),
            Map.of("gid", "99999999999999999999"),
            Map.of("size", "-5"),
            Map.of("size", "9999999999999999999"),
            Map.of("mtime", "x"),
            Map.of("GNU.sparse.map", "5,1,0,1", "GNU.sparse.size", "9"),
            Map.of("GNU.sparse.map", "0,99", "GNU.sparse.size", "9"),
            Map.of("GNU.sparse.map", "0,1,2", "GNU.sparse.size", "9"),
            Map.of("GNU.sparse.major", "1", "GNU.sparse.realsize", "5"))) {
      assertThatThrownBy(() -> read(new TestLayer().withHeaders("f", pax, "c").tar()))
          .as(pax.toString())
          .isInstanceOf(IOException.class);
    }
    for (var pax :
        List.of("5 a\n", "99 path=x\n", "9 path=xx", "0 a=b\n", "x", "11 path=a\0\n", "4 =\n")) {
      var bytes = pax.getBytes(StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> read(rawPax("f", bytes))).as(pax).isInstanceOf(Corrupt.class);
    }
  }

  @Test
  void giantExtensionsTakeNoMemory() {
    for (var type : List.of((byte) 'x', (byte) 'L', (byte) 'K', (byte) 'g')) {
      var header = Arrays.copyOf(new TestLayer().file("x", "").tar(), 512);
      header[156] = type;
      System.arraycopy("77777777777".getBytes(StandardCharsets.ISO_8859_1), 0, header, 124, 11);
      checksum(header, 0);
      assertThatThrownBy(() -> read(header))
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining("longer");
    }
  }

  @Test
  void endOfTheArchiveIsWhereItShouldBe() throws Exception {
    var tar = new TestLayer().file("f", "content").tar();
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read(Arrays.copyOf(tar, 1024))).hasSize(1);
    assertThat(read(Arrays.copyOf(tar, 1536))).hasSize(1);
    assertThatThrownBy(() -> read(Arrays.copyOf(tar, 700))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(Arrays.copyOf(tar, 300))).isInstanceOf(IOException.class);
    var more = Arrays.copyOf(new byte[512], 512 + tar.length);
    System.arraycopy(tar, 0, more, 512, tar.length);
    assertThatThrownBy(() -> read(more)).hasMessageContaining("goes on after");
  }

  @Test
  void tooManyEntriesAreRefused() {
    var layer = new TestLayer();
    for (int i = 0; i < 10_001; i++) {
      layer.file("f", "");
    }
    assertThatThrownBy(() -> read(layer.tar())).hasMessageContaining("more than 10000 entries");
  }

  @Test
  void mutatedArchivesAreReadOrRefused() {
    var random = new Random(20261121);
    var good =
        new TestLayer()
            .directory("d", 0755)
            .file("d/" + "n".repeat(150), "content")
            .withHeaders("x", Map.of("SCHILY.xattr.user.a", "b", "mtime", "1.5"), "c")
            .symlink("s", "t")
            .tar();
    var read = 0;
    for (int i = 0; i < 20_000; i++) {
      var bytes = good.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        var at = random.nextInt(bytes.length);
        bytes[at] = (byte) random.nextInt(256);
        checksum(bytes, at & -512);
      }
      try {
        read(random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
        read++;
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isPositive();
  }

  /// Makes a block's checksum right, so that what is behind it is reached.
  private static void checksum(byte[] bytes, int at) {
    if (at + 512 > bytes.length) {
      return;
    }
    Arrays.fill(bytes, at + 148, at + 156, (byte) ' ');
    var sum = 0;
    for (int i = at; i < at + 512; i++) {
      sum += bytes[i] & 0xff;
    }
    var text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, bytes, at + 148, 8);
  }

  @Test
  void readsAsCommonsCompressDoes() throws Exception {
    var random = new Random(20261121);
    for (int round = 0; round < 50; round++) {
      var layer = new TestLayer();
      for (int n = random.nextInt(20); n > 0; n--) {
        var name = "n".repeat(1 + random.nextInt(300)) + "ä/x".repeat(random.nextInt(3));
        var entry = TestLayer.entry(name, TarConstants.LF_NORMAL, random.nextInt(010000));
        entry.setIds(random.nextInt(1 << 30), random.nextInt(1 << 30));
        layer.add(entry, "c".repeat(random.nextInt(3000)).getBytes(StandardCharsets.US_ASCII));
      }
      var ours = read(layer.tar());
      try (var theirs = new TarArchiveInputStream(new ByteArrayInputStream(layer.tar()))) {
        for (var our : ours) {
          var their = theirs.getNextEntry();
          assertThat(our.entry().name()).isEqualTo(their.getName());
          assertThat(our.entry().attributes().mode()).isEqualTo(their.getMode());
          assertThat(our.entry().attributes().uid()).isEqualTo((int) their.getLongUserId());
          assertThat(our.content().length()).isEqualTo((int) their.getSize());
        }
        assertThat(theirs.getNextEntry()).isNull();
      }
    }
  }
}
