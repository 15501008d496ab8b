// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import io.criollo.cri.v1.VersionRequest;
import io.criollo.cri.v1.VersionResponse;

/// Version: the first thing that every client asks.
public final class Version {
  private static final String NAME = "criollo";
  private static final String KUBELET_API = "0.1.0";
  private static final String CRI = "v1";

  /// {@return the version of this build}
  public static String ofBuild() {
    var version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  public VersionResponse version(VersionRequest request) {
    return VersionResponse.newBuilder()
        .setVersion(KUBELET_API)
        .setRuntimeName(NAME)
        .setRuntimeVersion(ofBuild())
        .setRuntimeApiVersion(CRI)
        .build();
  }
}
