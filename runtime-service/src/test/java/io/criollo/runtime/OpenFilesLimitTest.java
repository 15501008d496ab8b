// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.spec.Rlimit;
import org.junit.jupiter.api.Test;

class OpenFilesLimitTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max processes             94871                94871                processes
      Max open files            524288               524288               files
      """;

  @Test
  void isWhatItWasBeforeJavaRaisedIt() {
    assertThat(OpenFilesLimit.of("1024", LIMITS)).contains(Rlimit.parse("nofile=1024:524288"));
  }

  @Test
  void ofTheDaemonIsWhatJavaHasRaisedItTo() {
    assertThat(OpenFilesLimit.soft(LIMITS)).isEqualTo(524288);
    assertThat(OpenFilesLimit.soft(LIMITS.replace("524288   ", "unlimited")))
        .isGreaterThan(1 << 30);
  }

  @Test
  void isLeftAloneWhereTheLauncherSaysNothing() {
    assertThat(OpenFilesLimit.of("", LIMITS)).isEmpty();
    assertThat(OpenFilesLimit.of("1024", "")).isEmpty();
  }
}
