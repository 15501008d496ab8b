// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void numbersHaveTheirNames() {
    assertThat(Errno.name(Errno.ENOENT)).isEqualTo("ENOENT");
    assertThat(Errno.name(95)).isEqualTo("EOPNOTSUPP");
    assertThat(Errno.name(9999)).isEqualTo("errno 9999");
  }

  @Test
  void exceptionsReadVerbObjectErrnoDetail() {
    assertThat(new LinuxException(Errno.EINVAL, "mount overlay on /x", "lowerdir=/y"))
        .hasMessage("mount overlay on /x: EINVAL (lowerdir=/y)");
  }
}
