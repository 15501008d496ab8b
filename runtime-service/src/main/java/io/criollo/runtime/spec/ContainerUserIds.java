// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;

/// Who the container's processes are: found by [UserResolver].
///
/// @param groups supplementary groups, the primary one among them
/// @param home the user's directory, absolute
public record ContainerUserIds(int uid, int gid, List<Integer> groups, String home) {
  public ContainerUserIds {
    groups = List.copyOf(groups);
  }
}
