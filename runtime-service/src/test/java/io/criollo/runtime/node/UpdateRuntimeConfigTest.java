// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateRuntimeConfigTest {
  @TempDir Path dir;
  private UpdateRuntimeConfig update;

  @BeforeEach
  void open() throws IOException {
    update = UpdateRuntimeConfig.open(dir.resolve("pod-cidr"));
  }

  private void tell(String range) throws IOException {
    var request = UpdateRuntimeConfigRequest.newBuilder();
    request.getRuntimeConfigBuilder().getNetworkConfigBuilder().setPodCidr(range);
    var _ = update.update(request.build());
  }

  @Test
  void theLastRangesAreKeptForTheNextDaemonAndNoneChangesNothing() throws IOException {
    assertThat(update.ipRanges()).isEmpty();
    tell("10.0.0.0/24");
    tell("10.88.0.0/16,fd00::/64");
    tell("");
    assertThat(update.podCidr()).isEqualTo("10.88.0.0/16,fd00::/64");
    assertThat(update.ipRanges()).containsExactly("10.88.0.0/16", "fd00::/64");
    open();
    assertThat(update.ipRanges()).containsExactly("10.88.0.0/16", "fd00::/64");
  }

  @Test
  void aFileThatIsNotOursIsLeftOutUntilTheNextWord() throws IOException {
    Files.writeString(dir.resolve("pod-cidr"), "\0\0");
    open();
    assertThat(update.ipRanges()).isEmpty();
    tell("10.0.0.0/24");
    open();
    assertThat(update.ipRanges()).containsExactly("10.0.0.0/24");
  }

  @Test
  void whatIsNoRangeIsRefusedByName() {
    for (var range :
        List.of(
            "x", "10.0.0.0", "10.0.0.0/33", "fd00::/129", "10.0.0.0/16,", "1/2", "/", "::/1\n")) {
      assertThatThrownBy(() -> tell(range))
          .as(range)
          .isInstanceOf(Refusal.InvalidArgument.class)
          .hasMessageContaining("pod_cidr");
    }
    assertThat(update.podCidr()).isEmpty();
  }
}
