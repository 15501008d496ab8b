// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.linux.LinuxException;
import io.criollo.linux.MountInfo;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropagationCheckTest {
  private static final String MOUNTS =
      """
      1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw
      2 1 8:2 / /data rw - ext4 /dev/sda2 rw
      3 1 8:3 / /slave rw master:1 - ext4 /dev/sda3 rw
      4 2 8:4 / /data/twice rw - ext4 /dev/sda4 rw
      5 2 8:5 / /data/twice rw shared:2 - ext4 /dev/sda5 rw
      """;

  @ParameterizedTest
  @CsvSource({
    "/, BIDIRECTIONAL",
    "/x/y, HOST_TO_CONTAINER",
    "/data/x, PRIVATE",
    "/database, BIDIRECTIONAL",
    "/slave/x, HOST_TO_CONTAINER",
    "/data/twice, BIDIRECTIONAL"
  })
  void mountThatTakesPartIsFine(String path, Propagation propagation) {
    assertThatCode(() -> PropagationCheck.check(Path.of(path), propagation, mounts()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "/data/x, BIDIRECTIONAL, must be shared",
    "/data, HOST_TO_CONTAINER, must be shared or slave",
    "/slave, BIDIRECTIONAL, /slave must be shared"
  })
  void mountThatTakesNoPartIsRefused(String path, Propagation propagation, String text) {
    assertThatThrownBy(() -> PropagationCheck.check(Path.of(path), propagation, mounts()))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(path)
        .hasMessageContaining(text);
  }

  @Test
  void pathWithoutAMountIsRefused() {
    assertThatThrownBy(
            () -> PropagationCheck.check(Path.of("/x"), Propagation.BIDIRECTIONAL, List.of()))
        .isInstanceOf(Refusal.FailedPrecondition.class);
  }

  private static List<MountInfo> mounts() throws LinuxException {
    var mounts = new ArrayList<MountInfo>();
    for (var line : MOUNTS.lines().toList()) {
      mounts.add(MountInfo.parse(line));
    }
    return mounts;
  }
}
