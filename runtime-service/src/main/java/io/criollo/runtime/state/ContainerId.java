// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// The id of a container.
public record ContainerId(String hex) {
  public ContainerId {
    Ids.whole("container id", hex);
  }

  public static ContainerId random() {
    return new ContainerId(Ids.random());
  }

  @Override
  public String toString() {
    return hex;
  }
}
