// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `criollo-aot`, as an installation calls it, on a node where a daemon and a pod live.
@AnyRuntime
class StartupCacheIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void cachesKnowWhatPodsNeedAndNobodyIsDisturbed() throws Exception {
    Pod pod = running();
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "100000"));
    Path home = copy(criollo.node().daemonHome());

    Ledger before = criollo.node().ledger();
    String program = home.resolve("bin/criollo-aot").toString();
    String told = Command.run(program, "--default-runtime", CriolloNode.runtime());
    assertThat(told)
        .containsPattern("rehearsed the lives of [1-9]")
        .doesNotContain("not rehearsed", "broke off");
    assertThat(criollo.node().ledger().beyond(before)).isEmpty();
    assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");

    assertThat(loaded(home))
        .contains(
            "io.criollo.runtime.container.CreateContainer source: shared objects file",
            "io.criollo.runtime.spec.SeccompFilter source: shared objects file",
            "io.criollo.cni.CniNetwork source: shared objects file");
    assertThat(caches(home))
        .singleElement()
        .satisfies(ofThisBuild -> {
          assertThat(ofThisBuild.resolve("criollo-monitor.aot")).isNotEmptyFile();
          assertThat(ofThisBuild.resolve("criollo.aot")).isNotEmptyFile();
        });
    Command.run("rm", "-r", home.toString());
  }

  /// Without a parent its cgroup is where every daemon looks for half-made pods.
  private static Pod running() throws IOException {
    var config = criollo.config("bystander");
    config.getLinuxBuilder().clearCgroupParent();
    return criollo.run(config.build());
  }

  private static Path copy(Path home) throws IOException, InterruptedException {
    Path copy = Files.createTempDirectory(criollo.node().root().getParent(), "home");
    Command.run("cp", "-r", home + "/bin", home + "/lib", copy.toString());
    Command.run("rm", "-rf", copy.resolve("lib/caches").toString());
    Path old = Files.createDirectories(copy.resolve("lib/caches/of-an-older-build"));
    Files.writeString(old.resolve("criollo.aot"), "not for these jars");
    return copy;
  }

  private static List<Path> caches(Path home) throws IOException {
    try (var all = Files.list(home.resolve("lib/caches"))) {
      return all.toList();
    }
  }

  /// {@return what Java says of the classes that it loads for a command}
  private static String loaded(Path home) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(home.resolve("bin/criollo").toString(), "version");
    builder.environment().put("CRIOLLO_JAVA_OPTS", "-Xlog:class+load=info:stdout:none");
    return Command.run(builder, 0);
  }
}
