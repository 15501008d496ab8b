// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdiDevicesTest {
  private static final String GPUS =
      """
      {"cdiVersion": "0.6.0", "kind": "vendor.com/gpu", "annotations": {"a": "b"},
       "containerEdits": {"env": ["ALL=1"]},
       "devices": [
         {"name": "0", "containerEdits": {"env": ["GPU=0"],
           "deviceNodes": [{"path": "/dev/gpu0", "hostPath": "/dev/null", "permissions": "rw"}],
           "mounts": [{"hostPath": "/lib/gpu", "containerPath": "/gpu", "options": ["ro", "rbind"]}],
           "hooks": [{"hookName": "createContainer", "path": "/bin/x", "args": ["x", "y"]}],
           "additionalGids": [44]}},
         {"name": "1", "containerEdits": {"env": ["GPU=1"]}}]}
      """;

  @TempDir private Path dir = Path.of("");
  private Path first = Path.of("");
  private Path second = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    first = Files.createDirectory(dir.resolve("etc"));
    second = Files.createDirectory(dir.resolve("run"));
  }

  private CdiEdits edits(String... names) {
    var parsed = Stream.of(names).map(name -> CdiName.parse(name).orElseThrow()).toList();
    var folders = List.of(first, second, dir.resolve("absent"));
    return CdiDevices.read(folders).edits(parsed, "devices");
  }

  @Test
  void theFilesOwnEditsComeOnceBeforeThoseOfItsDevices() throws IOException {
    Files.writeString(first.resolve("gpu.json"), GPUS);

    var edits = edits("vendor.com/gpu=1", "vendor.com/gpu=0");

    assertThat(edits.env()).containsExactly("ALL=1", "GPU=1", "GPU=0");
    assertThat(edits.additionalGids()).containsExactly(44);
    assertThat(edits.mounts().getFirst().binds()).isTrue();
    assertThat(edits.hooks().getFirst().args()).containsExactly("x", "y");
    assertThat(edits.deviceNodes().getFirst().hostPath()).isEqualTo("/dev/null");
  }

  @Test
  void yamlSaysTheSame() throws IOException {
    Files.writeString(
        first.resolve("nic.yaml"),
        """
        cdiVersion: 0.5.0
        kind: vendor.com/nic
        devices:
        - name: eth
          containerEdits:
            env: [NIC=eth]
        """);

    assertThat(edits("vendor.com/nic=eth").env()).containsExactly("NIC=eth");
  }

  @Test
  void aLaterFolderGoesBeforeAnEarlierOne() throws IOException {
    Files.writeString(first.resolve("gpu.json"), GPUS);
    Files.writeString(second.resolve("gpu.json"), GPUS.replace("GPU=1", "GPU=later"));

    assertThat(edits("vendor.com/gpu=1").env()).containsExactly("ALL=1", "GPU=later");
  }

  @Test
  void aDeviceOfTwoFilesOfOneFolderIsRefused() throws IOException {
    Files.writeString(first.resolve("a.json"), GPUS);
    Files.writeString(first.resolve("b.json"), GPUS);

    assertThatThrownBy(() -> edits("vendor.com/gpu=1"))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContainingAll("vendor.com/gpu=1", "a.json", "b.json");
  }

  @Test
  void anUnknownDeviceIsRefusedWithTheFolders() {
    assertThatThrownBy(() -> edits("vendor.com/gpu=7"))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContainingAll("devices \"vendor.com/gpu=7\"", first.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"cdiVersion\": \"0.6.0\"}",
        "{\"cdiVersion\": \"2.0.0\", \"kind\": \"v.com/c\", \"devices\": [{\"name\": \"x\"}]}",
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \"v.com\", \"devices\": [{\"name\": \"x\"}]}",
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \"v.com/c\", \"devices\": []}",
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \"v.com/c\", \"devices\": [{\"name\": \"x\"}], \"new\": 1}",
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \"v.com/c\", \"devices\": [{\"name\": \"x\", "
            + "\"containerEdits\": {\"intelRdt\": {\"closID\": \"a\"}}}]}",
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \"v.com/c\", \"devices\": [{\"name\": \"x\", "
            + "\"containerEdits\": {\"hooks\": [{\"hookName\": \"never\", \"path\": \"/x\"}]}}]}"
      })
  void aFileThatCannotBeUsedCostsOnlyItsOwnDevices(String text) throws IOException {
    Files.writeString(first.resolve("bad.json"), text);
    Files.writeString(first.resolve("gpu.json"), GPUS);

    assertThat(edits("vendor.com/gpu=1").env()).containsExactly("ALL=1", "GPU=1");
    assertThatThrownBy(() -> edits("v.com/c=x")).isInstanceOf(Refusal.InvalidArgument.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "v.com=x", "v.com/c", "v.com/c=", "1/c=x", "v.com/c/d=x", "v/c=-"})
  void whatIsNoFullNameIsNone(String text) {
    assertThat(CdiName.parse(text)).isEmpty();
  }
}
