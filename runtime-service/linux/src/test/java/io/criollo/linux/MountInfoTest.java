// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MountInfoTest {
  private static final String LINE =
      "36 35 98:0 /mnt1 /a\\040b\\134c rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue";

  @Test
  void parsesALine() throws Exception {
    var mount = MountInfo.parse(LINE);
    assertThat(mount.id()).isEqualTo(36);
    assertThat(mount.parent()).isEqualTo(35);
    assertThat(mount.device()).isEqualTo("98:0");
    assertThat(mount.root()).isEqualTo(Path.of("/mnt1"));
    assertThat(mount.mountPoint()).isEqualTo(Path.of("/a b\\c"));
    assertThat(mount.options()).isEqualTo(List.of("rw", "noatime"));
    assertThat(mount.optional()).isEqualTo(List.of("master:1", "shared:2"));
    assertThat(mount.fsType()).isEqualTo("ext3");
    assertThat(mount.source()).isEqualTo("/dev/root");
    assertThat(mount.superOptions()).isEqualTo(List.of("rw", "errors=continue"));
  }

  @Test
  void optionalFieldsMayBeMissing() throws Exception {
    assertThat(MountInfo.parse("1 1 0:1 / / rw - tmpfs none rw").optional()).isEmpty();
  }

  @Test
  void whatIsNoSuchLineIsRefused() {
    for (var line :
        new String[] {"", "-", "1 2 3", "x 35 98:0 / / rw - a b c", "1 2 3:4 / / rw - a b"}) {
      assertThatThrownBy(() -> MountInfo.parse(line)).as(line).hasMessageContaining("EBADMSG");
    }
  }

  @Test
  void badEscapesStayAsTheyAre() {
    assertThat(MountInfo.unescape("a\\")).isEqualTo("a\\");
    assertThat(MountInfo.unescape("a\\0")).isEqualTo("a\\0");
    assertThat(MountInfo.unescape("a\\089")).isEqualTo("a\\089");
    assertThat(MountInfo.unescape("a\\777")).isEqualTo("a\\777");
    assertThat(MountInfo.unescape("\\303\\251")).isEqualTo("é");
  }

  @Test
  void damagedLinesThrowNothingElse() {
    var random = new Random(3);
    for (var i = 0; i < 20_000; i++) {
      var line = new StringBuilder(LINE);
      for (var n = random.nextInt(5); n >= 0; n--) {
        line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(0x100));
      }
      line.setLength(random.nextInt(line.length() + 1));
      try {
        assertThat(MountInfo.parse(line.toString())).isNotNull();
      } catch (LinuxException e) {
        assertThat(e.errno()).isEqualTo(Errno.EBADMSG);
      }
    }
  }

  @Test
  void readsItsOwnMounts() throws Exception {
    assertThat(MountInfo.self()).anyMatch(mount -> mount.mountPoint().equals(Path.of("/")));
  }
}
