// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.nio.file.Path;
import java.util.regex.Pattern;

/// What is attached to a network: one interface of one pod.
///
/// @param podId the sandbox's id, CNI's container id
/// @param netNs the pinned network namespace
/// @param arguments for plugins that ask for them
public record PodAttachment(
    String podId,
    String namespace,
    String name,
    String uid,
    Path netNs,
    String ifName,
    PodArguments arguments) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  private static final Pattern IF_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,15}");
  private static final Pattern ARGUMENT = Pattern.compile("[^;=\\p{Cntrl}]*");

  /// @throws IllegalArgumentException for what could not be told to a plugin faithfully: CNI_ARGS
  ///   has no quoting, so `;`, `=` and control characters are refused
  public PodAttachment {
    require(ID, "pod id", podId);
    require(IF_NAME, "interface name", ifName);
    if (ifName.equals(".") || ifName.equals("..")) {
      throw new IllegalArgumentException("interface name '" + ifName + "' is not valid");
    }
    require(ARGUMENT, "pod namespace", namespace);
    require(ARGUMENT, "pod name", name);
    require(ARGUMENT, "pod uid", uid);
  }

  private static void require(Pattern pattern, String what, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(what + " '" + text + "' is not valid");
    }
  }

  /// {@return the arguments as `CNI_ARGS`}
  String cniArgs() {
    return String.join(
        ";",
        "IgnoreUnknown=1",
        "K8S_POD_NAMESPACE=" + namespace,
        "K8S_POD_NAME=" + name,
        "K8S_POD_INFRA_CONTAINER_ID=" + podId,
        "K8S_POD_UID=" + uid);
  }
}
