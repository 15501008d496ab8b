// SPDX-License-Identifier: Apache-2.0
/// What `criollo-aot` lets a daemon do while Java watches it: the lives of some pods. Runs in a
/// process of its own and talks to the daemon through its socket.
@NullMarked
package io.criollo.runtime.rehearsal;

import org.jspecify.annotations.NullMarked;
