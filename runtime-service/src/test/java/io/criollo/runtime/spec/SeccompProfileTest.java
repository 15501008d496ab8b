// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompProfileTest {
  private static final String WHOLE =
      """
      {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
       "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
                   {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}],
       "comment": "unknown fields are passed over",
       "syscalls": [
         {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
         {"name": "write", "action": "SCMP_ACT_ALLOW"},
         {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
         {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "excludes": {"caps": ["CAP_SYS_ADMIN"]},
          "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
         {"names": ["never"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "999.1"}},
         {"names": ["always"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
         {"names": ["s390"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["s390x"]}},
         {"names": ["here"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64", "arm64"]}},
         {"names": ["nowhere"], "action": "SCMP_ACT_ALLOW", "excludes": {"arches": ["amd64", "arm64"]}},
         {"names": ["big"], "action": "SCMP_ACT_ALLOW",
          "args": [{"index": 1, "value": 18446744073709551615, "op": "SCMP_CMP_NE"}]}]}
      """;

  @Test
  void conditionsAreDecidedForTheContainer() throws IOException {
    var filter = parse(WHOLE).filter(Set.of("CAP_CHOWN"));
    assertThat(names(filter, "SCMP_ACT_ALLOW"))
        .containsExactlyInAnyOrder("read", "write", "clone", "always", "here", "big");
    assertThat(filter.defaultErrnoRet()).isEqualTo(38);
    assertThat(filter.architectures()).hasSize(2).contains(Machine.seccompName());
    assertThat(names(parse(WHOLE).filter(Set.of("CAP_SYS_ADMIN")), "SCMP_ACT_ALLOW"))
        .contains("mount")
        .doesNotContain("clone");
  }

  @Test
  void valuesAreUnsigned() throws IOException {
    var big = parse(WHOLE).filter(Set.of()).syscalls().getLast().args().getFirst();
    assertThat(big.value()).isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(new String(OciJson.write(big), StandardCharsets.UTF_8))
        .contains("18446744073709551615");
  }

  @Test
  void builtInProfileAllowsPlainProgramsAndForbidsTheRest() {
    var filter = SeccompProfile.builtIn().filter(Set.of("CAP_CHOWN"));
    var allowed = names(filter, "SCMP_ACT_ALLOW");
    assertThat(allowed)
        .contains("read", "openat", "execve", "futex", "clone", "socket", "epoll_pwait2", "statx")
        .doesNotContain(
            "mount", "bpf", "keyctl", "clone3", "io_uring_setup", "kexec_load", "reboot");
    assertThat(names(filter, "SCMP_ACT_ERRNO"))
        .contains("mount", "bpf", "keyctl", "setns", "reboot");
    assertThat(allowed).doesNotContainAnyElementsOf(names(filter, "SCMP_ACT_ERRNO"));
  }

  @Test
  void capabilityOpensItsCallsInTheBuiltInProfile() {
    var filter = SeccompProfile.builtIn().filter(Set.of("CAP_SYS_ADMIN", "CAP_SYS_TIME"));
    var allowed = names(filter, "SCMP_ACT_ALLOW");
    assertThat(allowed).contains("mount", "clone3", "setns", "clock_settime", "bpf");
    assertThat(names(filter, "SCMP_ACT_ERRNO"))
        .doesNotContainAnyElementsOf(allowed)
        .contains("reboot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"defaultAction\": \"ALLOW\"}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"defaultErrnoRet\": 70000}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_PDP11\"]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86\"],"
            + " \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86\"}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"]}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": \"SCMP_ACT_LOG\"}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [null]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
            + " \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
            + " \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}]}]}",
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
            + " \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 0, \"value\": -1, \"op\": \"SCMP_CMP_EQ\"}]}]}"
      })
  void badProfilesAreRefusedWithAReason(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class).message().isNotBlank();
  }

  @Test
  void damagedProfilesNeverFailInAnotherWay() {
    var random = new Random(20261121);
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      var bytes = WHOLE.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1 + round % 4; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        SeccompProfile.parse(bytes).filter(Set.of());
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThatThrownBy(() -> parse("[".repeat(100_000)))
        .isInstanceOf(JsonProcessingException.class);
  }

  private static SeccompProfile parse(String json) throws IOException {
    return SeccompProfile.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> names(OciSeccomp filter, String action) {
    return filter.syscalls().stream()
        .filter(rule -> rule.action().equals(action))
        .map(rule -> List.copyOf(rule.names()))
        .flatMap(Collection::stream)
        .collect(Collectors.toSet());
  }
}
