// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import java.util.Map;

/// What hooks look at to tell whether they are for a container.
///
/// @param command the program of its first process, as the document names it
/// @param annotations of the request, and those of the pod, which go before
/// @param bindMounts whether the request has mounts
public record HookSubject(String command, Map<String, String> annotations, boolean bindMounts) {
  public HookSubject {
    annotations = Map.copyOf(annotations);
  }
}
