// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.Encoder;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.PidFdMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What the monitor keeps of one container on the run directory's tmpfs, from which another monitor
/// can go on: the FIFOs, spools and checkpoint, the request, the process and a mount of its pidfd.
record ContainerFolder(Path path) {
  static final String NAME = "monitor";

  static ContainerFolder of(Path runDir, String id) {
    return new ContainerFolder(runDir.resolve("containers").resolve(id).resolve(NAME));
  }

  ProcessFiles process() {
    return new ProcessFiles(path.resolve("created.json"), path.resolve("pid"));
  }

  Path runtimeLog() {
    return path.resolve("runtime.log");
  }

  OciRuntime.Reports reports() {
    return new OciRuntime.Reports(process().pidFile(), runtimeLog());
  }

  /// What was heard of the end of a container in a sandbox.
  Path answer() {
    return path.resolve("answer.json");
  }

  Path oom() {
    return path.resolve("oom");
  }

  Path pidFd() {
    return path.resolve("pidfd");
  }

  /// Keeps the process by a mount, which another monitor may have been killed over.
  void pin(PidFd process) throws IOException {
    PidFdMount.unpin(pidFd());
    Files.deleteIfExists(pidFd());
    Files.createFile(pidFd());
    try {
      PidFdMount.pin(process, pidFd());
    } catch (LinuxException e) {
      if (e.errno() != Errno.EINVAL) { // before Linux 6.14 the exit code hangs on the monitor
        throw e;
      }
    }
  }

  Path fifo(String stream) {
    return path.resolve(stream);
  }

  /// Input that has ended is not opened again.
  boolean inputEnded() {
    return Files.exists(inputEnd());
  }

  void endInput() throws IOException {
    Files.write(inputEnd(), new byte[0]);
  }

  private Path inputEnd() {
    return path.resolve("stdin.ended");
  }

  void save(CreateRequest request) throws IOException {
    AtomicFile.writeVolatile(path.resolve("create.json"), Encoder.encode(request));
  }

  Optional<CreateRequest> request() throws IOException {
    return ProcessFiles.load(path.resolve("create.json"))
        .filter(CreateRequest.class::isInstance)
        .map(CreateRequest.class::cast);
  }

  void remove() throws IOException {
    PidFdMount.unpin(pidFd());
    if (Files.isDirectory(path)) {
      DirFd.removeTree(path);
    }
  }
}
