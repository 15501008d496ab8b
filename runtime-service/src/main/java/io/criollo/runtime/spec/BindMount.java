// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;

/// A part of the host's tree in the container, ready to be mounted.
///
/// @param source real path on the host
/// @param mapped whether owners of files appear through the pod's user namespace
record BindMount(
    String destination,
    String source,
    Access access,
    Propagation propagation,
    List<String> options,
    boolean mapped) {
  BindMount {
    options = List.copyOf(options);
  }

  enum Access {
    READ_WRITE("rw"),
    READ_ONLY("ro"),
    RECURSIVE_READ_ONLY("rro");

    final String option;

    Access(String option) {
      this.option = option;
    }
  }

  enum Propagation {
    PRIVATE("rprivate"),
    HOST_TO_CONTAINER("rslave"),
    BIDIRECTIONAL("rshared");

    final String option;

    Propagation(String option) {
      this.option = option;
    }
  }
}
