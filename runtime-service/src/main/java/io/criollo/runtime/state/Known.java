// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// Something with an id and a name.
interface Known {
  String hex();

  String name();
}
