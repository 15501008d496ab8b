// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.state.PodId;
import org.junit.jupiter.api.Test;

class CgroupUsersTest {
  private final CgroupUsers users = new CgroupUsers();
  private final PodId a = PodId.random();
  private final PodId b = PodId.random();
  private final PodId c = PodId.random();

  private String remove(PodId id) {
    var top = users.leave(id);
    users.settle(id, true);
    return top;
  }

  @Test
  void theLastOfThoseInOneParentTakesItAway() {
    assertThat(users.add(a, "/t/x", "/t").own()).isEqualTo("/t");
    assertThat(users.add(b, "/t/x", "").own()).as("kept for a restart").isEqualTo("/t");

    assertThat(remove(a)).isEmpty();
    assertThat(remove(b)).isEqualTo("/t");
  }

  @Test
  void eachTakesWhatNoOtherOneIsIn() {
    users.add(a, "/t/x/1", "/t");
    users.add(b, "/t/x/2", "/t/x/2");
    users.add(c, "/t/y", "/t/y");

    assertThat(remove(a)).isEqualTo("/t/x/1");
    assertThat(remove(b)).isEqualTo("/t/x");
    assertThat(remove(c)).isEqualTo("/t");
  }

  @Test
  void whatIsBelowAnotherPodGoesAlone() {
    users.add(a, "/t", "/t");
    users.add(b, "/t/x", "/t/x");
    users.add(c, "/tx", "/tx");

    assertThat(remove(b)).isEqualTo("/t/x");
    assertThat(remove(a)).isEqualTo("/t");
    assertThat(remove(c)).isEqualTo("/tx");
  }

  @Test
  void whatWasThereBeforeStays() {
    users.add(a, "/kubepods/a", "");
    users.add(b, "/kubepods/b", "/kubepods/b");

    assertThat(remove(a)).isEmpty();
    assertThat(remove(b)).isEqualTo("/kubepods/b");
    assertThat(remove(c)).as("not known").isEmpty();
  }

  @Test
  void ofTwoThatLeaveTogetherTheSecondTakesTheParent() {
    users.add(a, "/t", "/t");
    users.add(b, "/t", "");

    assertThat(users.leave(a)).isEmpty();
    assertThat(users.leave(b)).isEqualTo("/t");
    assertThat(users.isGoing("/t")).isTrue();
    assertThat(users.isGoing("/t/x")).isTrue();
    assertThat(users.isGoing("/tx")).isFalse();
    users.settle(b, true);
    assertThat(users.isGoing("/t")).isFalse();
  }

  @Test
  void aRemovalThatFailedIsRepeated() {
    users.add(a, "/t", "/t");
    assertThat(users.leave(a)).isEqualTo("/t");
    users.settle(a, false);

    assertThat(users.isGoing("/t")).isFalse();
    assertThat(remove(a)).isEqualTo("/t");
    assertThat(remove(a)).isEmpty();
  }
}
