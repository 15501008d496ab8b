// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.WaitAnswer;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.linux.Child;
import io.criollo.linux.Fd;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.OptionalInt;

/// The end of a container that is no process of the host, since its runtime runs it inside of
/// another one. A process of the runtime waits for it, in the container's stead here, and leaves
/// its answer in a file, so that also a monitor after this one has it.
final class SandboxWait {
  private static final int MODE = 0600;

  private SandboxWait() {}

  /// {@return the process that ends when the container has}
  static Child start(CreateRequest request, ContainerFolder folder) throws IOException {
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC;
    try (Fd answer = Fd.open(folder.answer(), flags, MODE)) {
      return new OciRuntime(request.runtime()).await(request.id(), answer, folder.runtimeLog());
    }
  }

  /// {@return why nobody knows how it ended}
  static String silence(ContainerFolder folder) throws IOException {
    return "the runtime does not tell how it ended: "
        + folder.reports().error().orElse("what waited for it was killed");
  }

  /// {@return how the container ended; empty when the process that waited for it does not tell}
  static OptionalInt exitCode(ContainerFolder folder) throws IOException {
    try {
      return WaitAnswer.exitCode(Files.readAllBytes(folder.answer()));
    } catch (NoSuchFileException _) {
      return OptionalInt.empty();
    }
  }
}
