// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.CheckImages.Wish;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.runtime.state.Refusal;
import org.junit.jupiter.api.Test;

class OwnEndpointTest {
  @Test
  void aCheckIsAskedForInWordsOfAnyOrderAndNumber() {
    assertThat(OwnEndpoint.wish("")).isEqualTo(new Wish(Depth.WHOLE, false));
    assertThat(OwnEndpoint.wish("quick")).isEqualTo(new Wish(Depth.QUICK, false));
    assertThat(OwnEndpoint.wish("repair quick")).isEqualTo(new Wish(Depth.QUICK, true));
    assertThat(OwnEndpoint.wish(" repair  repair ")).isEqualTo(new Wish(Depth.WHOLE, true));
  }

  @Test
  void aWordThatIsNoneOfThemIsRefused() {
    assertThatThrownBy(() -> OwnEndpoint.wish("quick slow"))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessage("check \"quick slow\": must be of: quick, repair");
  }
}
