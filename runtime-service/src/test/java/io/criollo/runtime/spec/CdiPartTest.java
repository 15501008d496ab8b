// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.runtime.cdi.CdiName;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdiPartTest {
  @TempDir private Path dir = Path.of("");

  private OciSpec build(Consumer<ContainerConfig.Builder> change) throws IOException {
    Files.writeString(
        dir.resolve("x.json"),
        """
        {"cdiVersion": "0.7.0", "kind": "vendor.com/x", "devices": [
          {"name": "a", "containerEdits": {"env": ["IMAGE=2", "A=1"],
           "deviceNodes": [{"path": "/dev/a", "hostPath": "/dev/null"},
                           {"path": "/dev/b", "type": "c", "major": 1, "minor": 5, "permissions": "r",
                            "fileMode": 384, "uid": 3, "gid": 4},
                           {"path": "/dev/c", "hostPath": "/dev/zero", "permissions": "none"}],
           "mounts": [{"hostPath": "/usr", "containerPath": "/etc/hostname", "options": ["ro", "bind"]}],
           "hooks": [{"hookName": "poststop", "path": "/bin/x", "timeout": 3}],
           "additionalGids": [0, 44]}}]}
        """);
    var defaults =
        ContainerDefaults.USUAL.with(
            ContainerDefaults.Devices.of(List.of(dir), List.of(), false, true));
    var node =
        new NodeFacts(defaults, 40, () -> new CpuList("0"), () -> new CpuList("0"), 0, Set.of());
    var user = new ContainerUserIds(7, 8, List.of(8), "/");
    return SpecBuilder.build(
        Inputs.withUser(Inputs.withNode(Inputs.container(change), node), user));
  }

  @Test
  void aDeviceChangesAllThatItsDescriptionSays() throws IOException {
    var spec = build(c -> c.addCDIDevicesBuilder().setName("vendor.com/x=a"));

    assertThat(spec.process().env()).contains("IMAGE=2", "A=1").doesNotContain("IMAGE=1");
    assertThat(spec.process().user().additionalGids()).containsExactly(8, 44);
    assertThat(spec.linux().devices())
        .contains(
            new OciLinux.Device("/dev/a", "c", 1, 3, 0666, 7, 8),
            new OciLinux.Device("/dev/b", "c", 1, 5, 0600, 3, 4),
            new OciLinux.Device("/dev/c", "c", 1, 5, 0666, 7, 8));
    assertThat(spec.linux().resources().devices())
        .endsWith(new DeviceRule(true, "c", 1, 3, "rwm"), new DeviceRule(true, "c", 1, 5, "r"));
    assertThat(spec.mounts())
        .filteredOn(mount -> mount.destination().equals("/etc/hostname"))
        .containsExactly(new OciSpec.Mount("/etc/hostname", "bind", "/usr", List.of("ro", "bind")));
    assertThat(spec.hooks())
        .isEqualTo(
            Map.of("poststop", List.of(new OciSpec.Hook("/bin/x", List.of(), List.of(), 3))));
    assertThat(OciSpec.parse(spec.toJson())).isEqualTo(spec);
  }

  @Test
  void annotationsNameDevicesToo() {
    var container =
        ContainerConfig.newBuilder()
            .putAnnotations("cdi.k8s.io/plugin_1", "vendor.com/x=b,vendor.com/x=a")
            .putAnnotations("other/cdi.k8s.io", "nothing");
    container.addCDIDevicesBuilder().setName("vendor.com/x=a");

    assertThat(CdiPart.names(container.build()))
        .extracting(CdiName::toString)
        .containsExactly("vendor.com/x=a", "vendor.com/x=b");
  }

  @Test
  void wrongNamesAreRefusedByTheirField() {
    assertThatThrownBy(() -> build(c -> c.addCDIDevicesBuilder().setName("gpu0")))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.CDI_devices \"gpu0\"");
    assertThatThrownBy(() -> build(c -> c.putAnnotations("cdi.k8s.io/p", "vendor.com/x=a,")))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining("config.annotations cdi.k8s.io/p");
  }

  @Test
  void aNodeThatIsNotThereIsNamed() throws IOException {
    Files.writeString(
        dir.resolve("y.json"),
        """
        {"cdiVersion": "0.7.0", "kind": "vendor.com/y", "devices": [
          {"name": "a", "containerEdits": {"deviceNodes": [{"path": "/dev/absent-device"}]}}]}
        """);
    assertThatThrownBy(() -> build(c -> c.addCDIDevicesBuilder().setName("vendor.com/y=a")))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("/dev/absent-device");
  }
}
