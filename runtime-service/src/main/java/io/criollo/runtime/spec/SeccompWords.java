// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.SeccompProfile.Argument;
import io.criollo.runtime.spec.SeccompProfile.Group;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of a seccomp profile (config-linux.md, seccomp). A runtime would fail on an unknown
/// one too, but later and with less to say.
final class SeccompWords {
  private static final Set<String> ACTIONS =
      Set.of(
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_LOG",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_TRAP");
  private static final Set<String> OPERATORS =
      Set.of(
          "SCMP_CMP_EQ",
          "SCMP_CMP_GE",
          "SCMP_CMP_GT",
          "SCMP_CMP_LE",
          "SCMP_CMP_LT",
          "SCMP_CMP_MASKED_EQ",
          "SCMP_CMP_NE");
  private static final Set<String> ARCHITECTURES =
      Set.of(
          "SCMP_ARCH_AARCH64",
          "SCMP_ARCH_ARM",
          "SCMP_ARCH_LOONGARCH64",
          "SCMP_ARCH_MIPS",
          "SCMP_ARCH_MIPS64",
          "SCMP_ARCH_MIPS64N32",
          "SCMP_ARCH_MIPSEL",
          "SCMP_ARCH_MIPSEL64",
          "SCMP_ARCH_MIPSEL64N32",
          "SCMP_ARCH_PARISC",
          "SCMP_ARCH_PARISC64",
          "SCMP_ARCH_PPC",
          "SCMP_ARCH_PPC64",
          "SCMP_ARCH_PPC64LE",
          "SCMP_ARCH_RISCV64",
          "SCMP_ARCH_S390",
          "SCMP_ARCH_S390X",
          "SCMP_ARCH_X32",
          "SCMP_ARCH_X86",
          "SCMP_ARCH_X86_64");
  private static final int MAX_ERRNO = 4095;

  private SeccompWords() {}

  static void check(SeccompProfile profile) throws IOException {
    known(ACTIONS, "defaultAction", profile.defaultAction());
    errno(profile.defaultErrnoRet());
    known(ARCHITECTURES, "architectures", profile.architectures());
    require(
        profile.architectures().isEmpty() || profile.archMap().isEmpty(),
        "architectures and archMap exclude each other");
    for (var map : profile.archMap()) {
      known(ARCHITECTURES, "archMap.architecture", map.architecture());
      known(ARCHITECTURES, "archMap.subArchitectures", map.subArchitectures());
    }
    for (var group : profile.syscalls()) {
      check(group);
    }
  }

  private static void check(Group group) throws IOException {
    known(ACTIONS, "syscalls.action", group.action());
    errno(group.errnoRet());
    boolean old = group.name() != null && !group.name().isEmpty();
    require(old || !group.names().isEmpty(), "syscalls.names must not be empty");
    for (var argument : group.args()) {
      check(argument);
    }
  }

  private static void check(Argument argument) throws IOException {
    known(OPERATORS, "syscalls.args.op", argument.op());
    require(argument.index() >= 0 && argument.index() < 6, "syscalls.args.index must be 0 to 5");
    require(isUnsigned64(argument.value()), "syscalls.args.value must be 0 to 2^64-1");
    var two = argument.valueTwo();
    require(two == null || isUnsigned64(two), "syscalls.args.valueTwo must be 0 to 2^64-1");
  }

  private static boolean isUnsigned64(@Nullable BigInteger value) {
    return value != null && value.signum() >= 0 && value.bitLength() <= 64;
  }

  private static void errno(@Nullable Integer errno) throws IOException {
    require(errno == null || (errno >= 0 && errno <= MAX_ERRNO), "errnoRet must be 0 to 4095");
  }

  private static void known(Set<String> words, String field, List<String> values)
      throws IOException {
    for (var value : values) {
      known(words, field, value);
    }
  }

  private static void known(Set<String> words, String field, @Nullable String value)
      throws IOException {
    require(value != null && words.contains(value), field + " " + value + " is not known");
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }
}
