// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.IOException;

/// What is done inside new namespaces before they are pinned: [Hostname], [Network], [Sysctl].
@FunctionalInterface
public interface NamespaceSetup {
  void run() throws IOException;
}
