// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A system call filter in the form that OCI runtimes read.
public record OciSeccomp(
    String defaultAction,
    @Nullable Integer defaultErrnoRet,
    List<String> architectures,
    List<String> flags,
    @Nullable String listenerPath,
    @Nullable String listenerMetadata,
    List<Rule> syscalls) {
  public OciSeccomp {
    architectures = OciJson.present(architectures);
    flags = OciJson.present(flags);
    syscalls = OciJson.present(syscalls);
  }

  public record Rule(
      List<String> names, String action, @Nullable Integer errnoRet, List<Argument> args) {
    public Rule {
      names = OciJson.present(names);
      args = OciJson.present(args);
    }
  }

  /// A condition on one argument; values are unsigned 64 bit.
  public record Argument(int index, BigInteger value, @Nullable BigInteger valueTwo, String op) {}
}
