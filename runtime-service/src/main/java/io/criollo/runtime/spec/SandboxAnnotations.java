// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Map;

/// By what a runtime with sandboxes, such as gVisor, knows which container makes the sandbox of a
/// pod and which ones go into it: CRI-O's names. Others only carry them.
public final class SandboxAnnotations {
  private static final String TYPE = "io.kubernetes.cri-o.ContainerType";
  private static final String SANDBOX = "io.kubernetes.cri-o.SandboxID";

  private SandboxAnnotations() {}

  /// {@return those of a pod's first container, whose id is the pod's}
  public static Map<String, String> ofInit(String pod) {
    return Map.of(TYPE, "sandbox", SANDBOX, pod);
  }

  /// {@return those of all others}
  public static Map<String, String> ofContainer(String pod) {
    return Map.of(TYPE, "container", SANDBOX, pod);
  }
}
