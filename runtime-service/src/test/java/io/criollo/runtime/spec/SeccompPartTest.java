// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompPartTest {
  @TempDir private Path directory;

  @Test
  void nothingSaidAndUnconfinedAndPrivilegedAreNoFilter() throws IOException {
    assertThat(SeccompPart.of(Inputs.plain())).isNull();
    assertThat(of(s -> s.getSeccompBuilder().setProfileType(ProfileType.Unconfined))).isNull();
    var path = write("not even JSON").toString();
    assertThat(of(s -> localhost(s, path).setPrivileged(true))).isNull();
  }

  @Test
  void runtimeDefaultIsTheBuiltInProfile() {
    assertThat(of(s -> s.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault)))
        .extracting(filter -> filter.defaultAction())
        .isEqualTo("SCMP_ACT_ERRNO");
  }

  @Test
  void fileOfTheHostIsTaken() throws IOException {
    var path = write("{\"defaultAction\": \"SCMP_ACT_LOG\"}");
    assertThat(of(s -> localhost(s, path.toString())))
        .extracting(filter -> filter.defaultAction())
        .isEqualTo("SCMP_ACT_LOG");
  }

  @Test
  @SuppressWarnings("deprecation")
  void olderFieldHoldsWhenTheNewOneIsUnset() throws IOException {
    var path = write("{\"defaultAction\": \"SCMP_ACT_LOG\"}");
    assertThat(of(s -> s.setSeccompProfilePath("localhost/" + path))).isNotNull();
    assertThat(of(s -> s.setSeccompProfilePath("runtime/default"))).isNotNull();
    assertThat(of(s -> s.setSeccompProfilePath("unconfined"))).isNull();
    refused(s -> s.setSeccompProfilePath("nonsense"), "seccomp_profile_path");
    assertThat(
            of(s -> {
              s.setSeccompProfilePath("localhost/" + path);
              s.getSeccompBuilder().setProfileType(ProfileType.Unconfined);
            }))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "relative.json", "/a/../b.json", "/nowhere/profile.json", "/dev/zero", "/tmp"})
  void badFilesAreRefused(String path) {
    refused(s -> localhost(s, path), "config.linux.security_context.seccomp.localhost_ref");
  }

  @Test
  void fileOverOneMebibyteIsRefused() throws IOException {
    var path = write("");
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength((1 << 20) + 1);
    }
    refused(s -> localhost(s, path.toString()), "localhost_ref");
  }

  @Test
  void whatContradictsItselfIsRefused() {
    refused(s -> s.getSeccompBuilder().setProfileTypeValue(7), "seccomp.profile_type");
    refused(
        s -> s.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault).setLocalhostRef("/x"),
        "needs the profile type Localhost");
  }

  @Test
  void kernelWithoutFiltersRunsTheDefaultWithoutAndRefusesAFile() throws IOException {
    var path = write("{\"defaultAction\": \"SCMP_ACT_LOG\"}");
    var node = Inputs.node(Set.of());
    var byDefault =
        Inputs.security(s -> s.getSeccompBuilder().setProfileType(ProfileType.RuntimeDefault));
    assertThat(SeccompPart.of(Inputs.withNode(byDefault, node))).isNull();
    var file = Inputs.security(s -> localhost(s, path.toString()));
    assertThatThrownBy(() -> SeccompPart.of(Inputs.withNode(file, node)))
        .isInstanceOf(Refusal.FailedPrecondition.class);
  }

  private Path write(String json) throws IOException {
    return Files.writeString(directory.resolve("profile.json"), json);
  }

  private static LinuxContainerSecurityContext.Builder localhost(
      LinuxContainerSecurityContext.Builder context, String ref) {
    context.getSeccompBuilder().setProfileType(ProfileType.Localhost).setLocalhostRef(ref);
    return context;
  }

  private static void refused(Consumer<LinuxContainerSecurityContext.Builder> change, String text) {
    assertThatThrownBy(() -> of(change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static @Nullable OciSeccomp of(Consumer<LinuxContainerSecurityContext.Builder> change) {
    return SeccompPart.of(Inputs.security(change));
  }
}
