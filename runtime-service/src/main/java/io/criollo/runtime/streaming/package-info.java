// SPDX-License-Identifier: Apache-2.0
/// Exec, attach and port-forward: the server to which the kubelet, `crictl` and `kubectl` are sent
/// by the URLs that the CRI hands out.
@NullMarked
package io.criollo.runtime.streaming;

import org.jspecify.annotations.NullMarked;
