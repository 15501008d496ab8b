// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.SELinuxOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The SELinux labels, made of what the request gives; its gaps are filled with the usual parts of
/// a container's label.
final class SelinuxPart {
  private static final String FIELD = "config.linux.security_context.selinux_options.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{0,255}");
  private static final Pattern LEVEL =
      Pattern.compile("|s\\d{1,4}(-s\\d{1,4})?(:c\\d{1,4}([.,]c\\d{1,4}){0,63})?");

  private SelinuxPart() {}

  static void check(SpecInput input) {
    var options = input.security().getSelinuxOptions();
    name("user", options.getUser());
    name("role", options.getRole());
    name("type", options.getType());
    Check.that(
        LEVEL.matcher(options.getLevel()).matches(),
        FIELD + "level",
        options.getLevel(),
        "must be such as s0:c1,c2");
  }

  private static void name(String part, String value) {
    Check.that(NAME.matcher(value).matches(), FIELD + part, value, "must be a name of the policy");
  }

  static @Nullable String processLabel(SpecInput input) {
    if (!input.security().hasSelinuxOptions()) {
      return null;
    }
    var type = input.privileged() ? "spc_t" : "container_t";
    return label(input.security().getSelinuxOptions(), "system_r", type);
  }

  static @Nullable String mountLabel(SpecInput input) {
    if (!input.security().hasSelinuxOptions()) {
      return null;
    }
    var options = input.security().getSelinuxOptions();
    var files = SELinuxOption.newBuilder().setUser(options.getUser()).setLevel(options.getLevel());
    return label(files.build(), "object_r", "container_file_t");
  }

  private static String label(SELinuxOption options, String role, String type) {
    return String.join(
        ":",
        or(options.getUser(), "system_u"),
        or(options.getRole(), role),
        or(options.getType(), type),
        or(options.getLevel(), "s0"));
  }

  private static String or(String given, String usual) {
    return given.isEmpty() ? usual : given;
  }
}
