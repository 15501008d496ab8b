// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.util.List;

/// What a pod was given on the node.
///
/// @param hostname the name in its UTS namespace, or the node's
/// @param addresses of the pod, the first is the main one; empty with the host's network
/// @param cgroup the cgroup of all its containers, from the top of the cgroup file system
/// @param ownCgroup the highest cgroup on that path that Criollo made, for this pod or for one
///   before it, and removes with the last pod in it; or empty
public record PodPlace(String hostname, List<String> addresses, String cgroup, String ownCgroup) {
  public PodPlace {
    addresses = List.copyOf(addresses);
  }
}
