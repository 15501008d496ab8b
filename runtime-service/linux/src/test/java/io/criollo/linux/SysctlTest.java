// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SysctlTest {
  @Test
  void dottedNamesBecomePaths() throws Exception {
    assertThat(Sysctl.path("net.ipv4.ip_forward")).isEqualTo("net/ipv4/ip_forward");
  }

  @Test
  void namesThatCouldLeadElsewhereAreRefused() {
    for (var name :
        new String[] {"", ".", "..", "a..b", ".a", "a.", "a/b", "/etc", "a b", "a\nb", "a\0b"}) {
      assertThatThrownBy(() -> Sysctl.path(name)).as(name).hasMessageContaining("EINVAL");
    }
  }

  @Test
  void theHostIsNeverChanged() {
    assertThatThrownBy(() -> Sysctl.set("net.ipv4.ip_forward", "1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Hostname.set("x")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Network::loopbackUp).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void reads() throws Exception {
    assertThat(Sysctl.get("kernel.ostype")).isEqualTo("Linux");
  }
}
