// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an OCI runtime is to run (OCI runtime specification, config.md, POSIX-platform hooks).
///
/// @param args with the program's own name first
/// @param timeout seconds; absent: no limit
public record HookProgram(
    String path, List<String> args, List<String> env, @Nullable Integer timeout) {
  public HookProgram {
    args = args == null ? List.of() : List.copyOf(args);
    env = env == null ? List.of() : List.copyOf(env);
  }

  void check() {
    HookFile.that(path != null && !path.isEmpty(), "hook.path is missing");
    HookFile.that(path.startsWith("/"), "hook.path " + path + " must be an absolute path");
    HookFile.that(timeout == null || timeout > 0, "hook.timeout " + timeout + " must be positive");
  }
}
