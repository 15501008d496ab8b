// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.SupplementalGroupsPolicy;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserResolverTest {
  @TempDir private Path rootfs;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.createDirectory(rootfs.resolve("etc"));
    Files.writeString(
        rootfs.resolve("etc/passwd"),
        """
        root:x:0:0:root:/root:/bin/sh
        web:x:1000:1001:Web,,,:/srv/web:/bin/sh
        99999999999:x:0:0::/evil:/bin/sh
        4294967296:x:7:7::/evil:/bin/sh
        odd:x:2000:2000::relative:/bin/sh
        """);
    Files.writeString(
        rootfs.resolve("etc/group"),
        """
        root:x:0:
        web:x:1001:
        extra:x:50000:other,web
        more:x:50001:web
        not-web:x:50002:webmaster,aweb
        """);
  }

  @Test
  void nobodyNamedIsRoot() throws IOException {
    assertThat(resolve("", _ -> {})).isEqualTo(new ContainerUserIds(0, 0, List.of(0), "/root"));
  }

  @Test
  void userOfTheImageByNameNumberAndWithGroup() throws IOException {
    var web = new ContainerUserIds(1000, 1001, List.of(1001, 50000, 50001), "/srv/web");
    assertThat(resolve("web", _ -> {})).isEqualTo(web);
    assertThat(resolve("1000", _ -> {})).isEqualTo(web);
    assertThat(resolve("web:extra", _ -> {}))
        .isEqualTo(new ContainerUserIds(1000, 50000, List.of(50000), "/srv/web"));
    assertThat(resolve("1003:1004", _ -> {}))
        .isEqualTo(new ContainerUserIds(1003, 1004, List.of(1004), "/"));
    assertThat(resolve(":1004", _ -> {}).gid()).isEqualTo(1004);
  }

  @Test
  void requestWinsOverTheImage() throws IOException {
    assertThat(resolve("web", s -> s.getRunAsUserBuilder().setValue(0)).uid()).isZero();
    assertThat(resolve("0", s -> s.setRunAsUsername("web")).uid()).isEqualTo(1000);
    var both = resolve("", s -> group(uid(s, 1000), 77));
    assertThat(both.gid()).isEqualTo(77);
    assertThat(both.groups()).containsExactly(77, 50000, 50001);
  }

  @Test
  void unknownNumberHasTheRootGroup() throws IOException {
    assertThat(resolve("", s -> uid(s, 4711)))
        .isEqualTo(new ContainerUserIds(4711, 0, List.of(0), "/"));
  }

  @Test
  void groupsOfTheImageAreMergedOrNot() throws IOException {
    var merged = resolve("", s -> uid(s, 1000).addSupplementalGroups(1234));
    assertThat(merged.groups()).containsExactly(1001, 1234, 50000, 50001);
    var strict =
        resolve(
            "",
            s ->
                uid(s, 1000)
                    .addSupplementalGroups(1234)
                    .setSupplementalGroupsPolicy(SupplementalGroupsPolicy.Strict));
    assertThat(strict.groups()).containsExactly(1001, 1234);
  }

  @Test
  void homeThatIsNoPathIsTheRootDirectory() throws IOException {
    assertThat(resolve("odd", _ -> {}).home()).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 31, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE})
  void numbersOutOfRangeAreRefused(long id) {
    refused("", s -> uid(s, id), "run_as_user");
    refused("", s -> group(uid(s, 1), id), "run_as_group");
    refused("", s -> s.addSupplementalGroups(id), "supplemental_groups");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4294967296",
        "99999999999",
        "2147483648:0",
        "-1",
        "+99999999999",
        "0:4294967296",
        "web:-5"
      })
  void numberOfTheImageThatIsOutOfRangeIsNotTakenForAName(String user) {
    refused(user, _ -> {}, "USER of the image");
  }

  @Test
  void unknownNamesAreRefused() {
    refused("nobody", _ -> {}, "USER of the image \"nobody\": is not in /etc/passwd");
    refused("web:nogroup", _ -> {}, "USER of the image \"nogroup\": is not in /etc/group");
    refused("web", s -> s.setRunAsUsername("nobody"), "run_as_username \"nobody\"");
    refused("", s -> s.setRunAsUsername("web:extra"), "must not name a group");
    refused("we\nb", _ -> {}, "control characters");
    refused("x".repeat(300), _ -> {}, "256");
  }

  @Test
  void requestsThatContradictThemselvesAreRefused() {
    refused("", s -> s.getRunAsGroupBuilder().setValue(5), "run_as_group");
    refused("", s -> uid(s, 5).setRunAsUsername("web"), "run_as_username");
    refused("", s -> s.setSupplementalGroupsPolicyValue(9), "supplemental_groups_policy");
  }

  private void refused(
      String image, Consumer<LinuxContainerSecurityContext.Builder> change, String text) {
    assertThatThrownBy(() -> resolve(image, change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static LinuxContainerSecurityContext.Builder uid(
      LinuxContainerSecurityContext.Builder context, long uid) {
    context.getRunAsUserBuilder().setValue(uid);
    return context;
  }

  private static LinuxContainerSecurityContext.Builder group(
      LinuxContainerSecurityContext.Builder context, long gid) {
    context.getRunAsGroupBuilder().setValue(gid);
    return context;
  }

  private ContainerUserIds resolve(
      String image, Consumer<LinuxContainerSecurityContext.Builder> change) throws IOException {
    var context = LinuxContainerSecurityContext.newBuilder();
    change.accept(context);
    return UserResolver.resolve(rootfs, context.build(), image);
  }
}
