// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.SupplementalGroupsPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Which groups a user has whom the image puts into a group of its own.
class GroupsIT {
  private static final long USER = 1000;
  private static final long OF_THE_REQUEST = 1234;
  private static final long OF_THE_IMAGE = 50_000;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void groupsOfTheRequestAreAddedToThoseOfTheImage() throws Exception {
    assertGroups(SupplementalGroupsPolicy.Merge, USER, OF_THE_REQUEST, OF_THE_IMAGE);
  }

  @Test
  void underTheStrictPolicyGroupsOfTheImageDoNotCount() throws Exception {
    assertGroups(SupplementalGroupsPolicy.Strict, USER, OF_THE_REQUEST);
  }

  private static void assertGroups(SupplementalGroupsPolicy policy, Long... groups)
      throws Exception {
    criollo.client().pull(TestImages.USERS);
    Pod pod = criollo.pod("groups");
    var container = Pod.container("a", TestImages.USERS, "sh", "-c", "id -G; exec sleep 1000");
    var security = container.getLinuxBuilder().getSecurityContextBuilder();
    security.getRunAsUserBuilder().setValue(USER);
    security.addSupplementalGroups(OF_THE_REQUEST).setSupplementalGroupsPolicy(policy);
    String id = pod.createAndStart(container);

    var user = pod.status(id).getUser().getLinux();
    assertThat(user.getUid()).isEqualTo(USER);
    assertThat(user.getGid()).isEqualTo(USER);
    assertThat(user.getSupplementalGroupsList()).containsExactlyInAnyOrder(groups);
    assertThat(numbers(pod.output(id, "id", "-G"))).containsExactlyInAnyOrder(groups);
    Patience.await(
        "the first process tells its groups",
        Duration.ofSeconds(30),
        () -> !pod.log("a").isEmpty());
    assertThat(numbers(pod.log("a").getFirst().replaceFirst(".* F ", "")))
        .containsExactlyInAnyOrder(groups);
  }

  private static List<Long> numbers(String text) {
    return List.of(text.split(" ", -1)).stream().map(Long::valueOf).toList();
  }
}
