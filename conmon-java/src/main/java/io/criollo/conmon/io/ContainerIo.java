// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.conmon.log.CriLogWriter;
import io.criollo.linux.Fd;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The standard streams of one container, with or without a terminal. Owned by the I/O thread, but
/// for [#hub].
public sealed interface ContainerIo extends AutoCloseable permits Pipes, Terminal {
  void start() throws IOException;

  /// Logs all that the container wrote, after it has ended.
  void finish() throws IOException;

  CriLogWriter log();

  /// {@return who else is given the output}
  AttachHub hub();

  /// {@return a non-blocking descriptor that leads to the container's standard input, if it has
  /// one}
  Optional<Fd> input();

  /// {@return what must stay open for nothing to be lost: the terminal first, if there is one}
  List<Fd> vital();

  /// No more input comes: the container reads the end of the file, if it was made so.
  void closeInput();

  @Override
  void close();
}
