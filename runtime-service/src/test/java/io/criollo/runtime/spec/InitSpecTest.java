// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.spec.OciLinux.Namespace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InitSpecTest {
  private static final InitSpec.Input INPUT =
      new InitSpec.Input(
          Path.of("/run/init"),
          Optional.of(Path.of("/usr/bin/wait")),
          Map.of("network", Path.of("/run/p/net"), "uts", Path.of("/run/p/uts")),
          Optional.empty(),
          "/pod/init");

  @Test
  void joinsWhatThePodHasAndMakesThePidNamespace() {
    assertThat(InitSpec.of(INPUT, Inputs.node()).linux().namespaces())
        .containsExactly(
            new Namespace("mount", null),
            new Namespace("pid", null),
            new Namespace("cgroup", null),
            new Namespace("network", "/run/p/net"),
            new Namespace("uts", "/run/p/uts"));
  }

  @Test
  void mayDoNothingButWait() {
    var spec = InitSpec.of(INPUT, Inputs.node());

    assertThat(spec.process().args()).containsExactly("/init", "-P");
    assertThat(spec.process().user().uid()).isEqualTo(65535);
    assertThat(spec.process().capabilities().bounding()).isEmpty();
    assertThat(spec.process().noNewPrivileges()).isTrue();
    assertThat(spec.root().readonly()).isTrue();
    assertThat(spec.linux().seccomp()).isNotNull();
    assertThat(spec.linux().cgroupsPath()).isEqualTo("/pod/init");
    assertThat(spec.mounts())
        .filteredOn(mount -> mount.destination().equals("/init"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.options()).contains("ro", "bind"));
  }
}
