// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

/// The id of a pod.
public record PodId(String hex) {
  public PodId {
    Ids.whole("pod id", hex);
  }

  public static PodId random() {
    return new PodId(Ids.random());
  }

  @Override
  public String toString() {
    return hex;
  }
}
