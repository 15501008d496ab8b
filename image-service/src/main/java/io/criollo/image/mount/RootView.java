// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import java.util.Optional;

/// How the files of a root file system appear.
///
/// @param owner whose user namespace's ids they have; empty: the node's
/// @param label the SELinux label of all of them; empty: that of each file
public record RootView(Optional<RootOwner> owner, Optional<String> label) {
  public static final RootView PLAIN = new RootView(Optional.empty(), Optional.empty());
}
