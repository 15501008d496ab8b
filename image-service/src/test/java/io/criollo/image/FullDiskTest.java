// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class FullDiskTest {
  /// The kernel's disk without space.
  private static final Path FULL = Path.of("/dev/full");

  private static IOException failure(Writing writing) {
    return catchThrowableOfType(IOException.class, writing::write);
  }

  private interface Writing {
    void write() throws IOException;
  }

  @Test
  void everyWayOfWritingTellsThatThereIsNoSpace() {
    assertThat(
            failure(() -> {
              try (var file = Fd.open(FULL, OpenFlags.O_WRONLY, 0)) {
                file.writeAll(new byte[1]);
              }
            }))
        .matches(FullDisk::isAtFault);
    assertThat(failure(() -> Files.write(FULL, new byte[1]))).matches(FullDisk::isAtFault);
    assertThat(
            failure(() -> {
              try (var out = new GZIPOutputStream(Files.newOutputStream(FULL))) {
                out.write(1);
              }
            }))
        .matches(FullDisk::isAtFault);
    assertThat(new FileSystemException("/a", null, "Disk quota exceeded"))
        .matches(FullDisk::isAtFault);
    assertThat(new IOException("seal", new LinuxException(Errno.EDQUOT, "write /a", "")))
        .matches(FullDisk::isAtFault);
  }

  @Test
  void otherFaultsAreOthers() {
    assertThat(new LinuxException(Errno.EROFS, "write /a", ""))
        .matches(e -> !FullDisk.isAtFault(e));
    assertThat(new IOException("connection reset")).matches(e -> !FullDisk.isAtFault(e));
    assertThat(new IOException()).matches(e -> !FullDisk.isAtFault(e));
  }

  @Test
  void whatIsToldNamesFileAndFileSystem() {
    var failure = new LinuxException(Errno.ENOSPC, "write /proc/self/partial/1", "");

    var told = new FullDisk(Path.of("/proc/sys")).told("pull reg.test/app:v1", failure);

    assertThat(told.kind()).isEqualTo(Kind.DISK_FULL);
    assertThat(told)
        .hasMessageStartingWith("pull reg.test/app:v1: no space is left on the file system /proc")
        .hasMessageContaining("/proc/sys (write /proc/self/partial/1: ENOSPC): ");
  }
}
