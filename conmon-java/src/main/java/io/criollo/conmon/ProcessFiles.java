// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.Decoder;
import io.criollo.conmon.protocol.Encoder;
import io.criollo.conmon.protocol.Message;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// How a monitor knows again which process a container or an exec is: by what one before it wrote
/// down, or, if that one died too early, by the runtime's `--pid-file`.
record ProcessFiles(Path saved, Path pidFile) {

  void save(CreatedProcess process) throws IOException {
    AtomicFile.writeVolatile(saved, Encoder.encode(process));
  }

  Optional<CreatedProcess> written() throws IOException {
    return load(saved).filter(CreatedProcess.class::isInstance).map(CreatedProcess.class::cast);
  }

  /// {@return empty when the runtime had not come so far, or the process is gone unknown}
  Optional<CreatedProcess> find() throws IOException {
    Optional<CreatedProcess> written = written();
    if (written.isPresent() || !Files.exists(pidFile)) {
      return written;
    }
    long pid = pid();
    try {
      return Optional.of(new CreatedProcess(pid, PidFd.startTime(pid)));
    } catch (LinuxException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// {@return what the runtime wrote}
  long pid() throws IOException {
    String text = Files.readString(pidFile).strip();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("the runtime wrote no pid but: " + text, e);
    }
  }

  static Optional<Message> load(Path file) throws IOException {
    try {
      return Optional.of(Decoder.decode(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
