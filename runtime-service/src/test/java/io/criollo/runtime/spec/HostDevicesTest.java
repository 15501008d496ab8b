// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.Device;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostDevicesTest {
  @Test
  void deviceIsFoundWithItsNumbers() {
    var devices = HostDevices.find(device(_ -> {}));
    assertThat(devices.nodes()).hasSize(1);
    var node = devices.nodes().getFirst();
    assertThat(node.path()).isEqualTo("/dev/mine");
    assertThat(node.type()).isEqualTo("c");
    assertThat(node.major()).isEqualTo(1);
    assertThat(node.minor()).isEqualTo(3);
    assertThat(node.fileMode()).isEqualTo(0666);
  }

  @Test
  void rulesAllowWhatWasAsked() {
    var input = device(d -> d.setPermissions("rw"));
    assertThat(DeviceRulePart.of(input, HostDevices.find(input)))
        .startsWith(new DeviceRule(false, "a", null, null, "rwm"))
        .endsWith(new DeviceRule(true, "c", 1, 3, "rw"));
    var all = device(_ -> {});
    assertThat(DeviceRulePart.of(all, HostDevices.find(all)))
        .endsWith(new DeviceRule(true, "c", 1, 3, "rwm"));
  }

  @Test
  void privilegedContainerHasAllDevices() {
    var input = Inputs.security(s -> s.setPrivileged(true));
    var devices = HostDevices.find(input);
    assertThat(devices.nodes())
        .extracting(OciLinux.Device::path)
        .contains("/dev/null", "/dev/zero");
    assertThat(devices.nodes())
        .extracting(OciLinux.Device::path)
        .noneMatch(path -> path.startsWith("/dev/pts") || path.startsWith("/dev/shm"));
    assertThat(DeviceRulePart.of(input, devices))
        .containsExactly(new DeviceRule(true, "a", null, null, "rwm"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyz", "rr", "rwmr", "r w", "RW"})
  void badPermissionsAreRefused(String permissions) {
    refused(d -> d.setPermissions(permissions), "config.devices.permissions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dev/null", "/dev/nothing-here", "/etc/passwd", "/dev/../dev/null"})
  void whatIsNoDeviceIsRefused(String path) {
    refused(d -> d.setHostPath(path), "config.devices.host_path");
  }

  @Test
  void directoryWithoutDevicesIsRefused(@TempDir Path empty) {
    refused(d -> d.setHostPath(empty.toString()), "config.devices.host_path");
    refused(d -> d.setContainerPath("mine"), "config.devices.container_path");
  }

  @Test
  void whatVanishesMeanwhileIsPassedOver(@TempDir Path dev) throws Exception {
    var ended = new AtomicBoolean();
    var churn =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; !ended.get(); i++) {
                var bus = dev.resolve("bus-" + i % 3);
                bus.resolve("usb").toFile().mkdirs();
                bus.resolve("usb").toFile().delete();
                bus.toFile().delete();
              }
            });
    try {
      for (int i = 0; i < 5_000; i++) {
        assertThat(HostDevices.nodesBelow(dev, "/dev")).isEmpty();
      }
    } finally {
      ended.set(true);
      churn.join();
    }
  }

  private static void refused(Consumer<Device.Builder> change, String text) {
    assertThatThrownBy(() -> HostDevices.find(device(change)))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static SpecInput device(Consumer<Device.Builder> change) {
    return Inputs.container(c ->
        change.accept(
            c.addDevicesBuilder().setHostPath("/dev/null").setContainerPath("/dev/mine")));
  }
}
