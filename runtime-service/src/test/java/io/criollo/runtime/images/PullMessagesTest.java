// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.image.PullStatus;
import io.criollo.image.PullStatus.LayerStatus;
import io.criollo.image.PullStatus.Phase;
import io.criollo.image.reference.Digest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullMessagesTest {
  private static final Instant SINCE = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void aPullIsALineAndSoIsEachOfItsLayersThatComes() {
    var digest = new Digest("sha256", "ab".repeat(32));
    var pull =
        new PullStatus(
            "reg.test/app:1",
            SINCE,
            2_500_000,
            List.of(
                new LayerStatus(digest, 6_000_000, 6_000_000, "", Phase.DONE),
                new LayerStatus(digest, 4_000_000, 1_500_000, "mirror m.test", Phase.FETCHING),
                new LayerStatus(digest, 2_000_000, 0, "", Phase.WAITING)));

    assertThat(PullMessages.lines(PullMessages.json(List.of(pull)), SINCE.plusSeconds(7)))
        .containsExactly(
            "reg.test/app:1  7.5 of 12.0 MB, 2.5 MB/s, for 7 s",
            "  sha256:abababababab  1.5 of 4.0 MB from mirror m.test");
  }

  @Test
  void whatIsNoListOfPullsIsNoLine() {
    for (var json : List.of("", "{", "[{}]", "[{\"since\":7}]", "3")) {
      assertThat(PullMessages.lines(json, SINCE)).as(json).isEmpty();
    }
  }
}
