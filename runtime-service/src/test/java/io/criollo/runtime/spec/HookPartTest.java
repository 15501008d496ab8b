// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.runtime.hooks.HookFolders;
import io.criollo.runtime.spec.OciSpec.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookPartTest {
  @TempDir private Path dir = Path.of("");

  private Map<String, List<Hook>> build(String when, Consumer<ContainerConfig.Builder> change)
      throws IOException {
    var file =
        Files.writeString(
            dir.resolve("x.json"),
            """
            {"version": "1.0.0", "hook": {"path": "/bin/sh", "args": ["sh"], "timeout": 3},
             "when": %s, "stages": ["prestart", "poststop"]}
            """
                .formatted(when));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(
        dir.resolve("cdi.yaml"),
        """
        cdiVersion: "0.7.0"
        kind: vendor.com/x
        devices:
        - name: a
          containerEdits: {hooks: [{hookName: poststop, path: /bin/device}]}
        """);
    var defaults =
        ContainerDefaults.USUAL
            .with(HookFolders.open(List.of(dir)))
            .with(ContainerDefaults.Devices.of(List.of(dir), List.of(), false, true));
    return SpecBuilder.build(Inputs.withDefaults(Inputs.container(change), defaults)).hooks();
  }

  @Test
  void hooksOfTheOperatorGoBeforeThoseOfDevices() throws IOException {
    var own = new Hook("/bin/sh", List.of("sh"), List.of(), 3);
    Files.createDirectories(dir);

    assertThat(build("{\"always\": true}", c -> c.addCDIDevicesBuilder().setName("vendor.com/x=a")))
        .isEqualTo(
            Map.of(
                "createRuntime",
                List.of(own),
                "poststop",
                List.of(own, new Hook("/bin/device", List.of(), List.of(), null))));
  }

  @Test
  void requestAndPodTellWhetherAHookIsForThem() throws IOException {
    assertThat(build("{\"commands\": [\"^/bin/sleep$\"]}", _ -> {})).isNotEmpty();
    assertThat(build("{\"commands\": [\"^/bin/sleep$\"]}", c -> c.clearCommand().addCommand("/x")))
        .isEmpty();
    assertThat(build("{\"annotations\": {\"^a$\": \"^b$\"}}", c -> c.putAnnotations("a", "b")))
        .isNotEmpty();
    assertThat(build("{\"hasBindMounts\": true}", _ -> {})).isEmpty();
    assertThat(
            build(
                "{\"hasBindMounts\": true}",
                c -> c.addMountsBuilder().setContainerPath("/v").setHostPath("/usr")))
        .isNotEmpty();
  }
}
