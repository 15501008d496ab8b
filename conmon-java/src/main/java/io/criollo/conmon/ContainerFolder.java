// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.Decoder;
import io.criollo.conmon.protocol.Encoder;
import io.criollo.conmon.protocol.Message;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import io.criollo.linux.PidFdMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What the monitor keeps of one container on the run directory's tmpfs, from which another monitor
/// can go on: the FIFOs, spools and checkpoint, the request, the process and a mount of its pidfd.
record ContainerFolder(Path path) {
  static final String NAME = "monitor";

  static ContainerFolder of(Path runDir, String id) {
    return new ContainerFolder(runDir.resolve("containers").resolve(id).resolve(NAME));
  }

  Path pidFile() {
    return path.resolve("pid");
  }

  Path runtimeLog() {
    return path.resolve("runtime.log");
  }

  Path pidFd() {
    return path.resolve("pidfd");
  }

  Path fifo(String stream) {
    return path.resolve(stream);
  }

  void save(CreateRequest request) throws IOException {
    AtomicFile.writeVolatile(path.resolve("create.json"), Encoder.encode(request));
  }

  void save(CreatedProcess process) throws IOException {
    AtomicFile.writeVolatile(path.resolve("created.json"), Encoder.encode(process));
  }

  Optional<CreateRequest> request() throws IOException {
    return load("create.json")
        .filter(CreateRequest.class::isInstance)
        .map(CreateRequest.class::cast);
  }

  Optional<CreatedProcess> process() throws IOException {
    return load("created.json")
        .filter(CreatedProcess.class::isInstance)
        .map(CreatedProcess.class::cast);
  }

  private Optional<Message> load(String name) throws IOException {
    try {
      return Optional.of(Decoder.decode(Files.readAllBytes(path.resolve(name))));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  long pid() throws IOException {
    return readPid(pidFile());
  }

  /// Reads what an OCI runtime wrote to its `--pid-file`.
  static long readPid(Path file) throws IOException {
    String text = Files.readString(file).strip();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("the runtime wrote no pid but: " + text, e);
    }
  }

  void remove() throws IOException {
    PidFdMount.unpin(pidFd());
    if (Files.isDirectory(path)) {
      DirFd.removeTree(path);
    }
  }
}
