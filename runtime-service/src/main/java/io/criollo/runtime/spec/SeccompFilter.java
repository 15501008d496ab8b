// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.SeccompProfile.Condition;
import io.criollo.runtime.spec.SeccompProfile.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reduces a profile to the rules that hold for one container on this machine.
final class SeccompFilter {
  private SeccompFilter() {}

  static OciSeccomp of(SeccompProfile profile, Set<String> capabilities) {
    return new OciSeccomp(
        profile.defaultAction(),
        profile.defaultErrnoRet(),
        architectures(profile),
        profile.flags(),
        profile.listenerPath(),
        profile.listenerMetadata(),
        profile.syscalls().stream()
            .filter(group -> holds(group.includes(), capabilities))
            .filter(group -> !excludes(group.excludes(), capabilities))
            .map(SeccompFilter::rule)
            .toList());
  }

  private static List<String> architectures(SeccompProfile profile) {
    for (var map : profile.archMap()) {
      if (map.architecture().equals(Machine.seccompName())) {
        var all = new ArrayList<String>();
        all.add(map.architecture());
        all.addAll(map.subArchitectures());
        return all;
      }
    }
    return profile.architectures();
  }

  private static boolean holds(@Nullable Condition includes, Set<String> capabilities) {
    return includes == null
        || (capabilities.containsAll(includes.caps())
            && (includes.arches().isEmpty() || includes.arches().contains(Machine.goName()))
            && (includes.minKernel() == null || Machine.kernelIsAtLeast(includes.minKernel())));
  }

  private static boolean excludes(@Nullable Condition excludes, Set<String> capabilities) {
    return excludes != null
        && (excludes.caps().stream().anyMatch(capabilities::contains)
            || excludes.arches().contains(Machine.goName())
            || (excludes.minKernel() != null && Machine.kernelIsAtLeast(excludes.minKernel())));
  }

  private static OciSeccomp.Rule rule(Group group) {
    var names = new ArrayList<>(group.names());
    if (group.name() != null && !group.name().isEmpty()) {
      names.add(group.name());
    }
    var args =
        group.args().stream()
            .map(arg -> new OciSeccomp.Argument(arg.index(), arg.value(), arg.valueTwo(), arg.op()))
            .toList();
    return new OciSeccomp.Rule(names, group.action(), group.errnoRet(), args);
  }
}
