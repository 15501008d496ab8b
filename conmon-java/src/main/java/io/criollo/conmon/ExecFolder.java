// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.StreamOwner;
import io.criollo.linux.DirFd;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is kept of one exec while it runs, for the monitor after this one: its FIFOs, whose reading
/// ends lie in the [FdStore] so that no death of ours breaks them, and its process.
record ExecFolder(Path path, StreamOwner owner) implements AutoCloseable {
  private static final int PIPE_SIZE = 256 << 10;

  /// @param collected whether somebody waits for the result, and nobody will once we are dead
  static ExecFolder make(Path path, StreamOwner owner, boolean collected) throws IOException {
    Files.createDirectory(path);
    var folder = new ExecFolder(path, owner);
    if (collected) {
      Files.createFile(folder.mark());
    }
    return folder;
  }

  /// Writes down which cgroup is to be killed with a collected exec.
  void save(ExecTree tree) throws IOException {
    if (tree.cgroup().isPresent()) {
      Files.writeString(path.resolve("cgroup"), tree.cgroup().get().path().toString());
    }
  }

  /// {@return what was written down}
  ExecTree tree() throws IOException {
    Path file = path.resolve("cgroup");
    return ExecTree.found(
        Files.exists(file) ? Optional.of(Path.of(Files.readString(file))) : Optional.empty());
  }

  private Path mark() {
    return path.resolve("collected");
  }

  boolean collected() {
    return Files.exists(mark());
  }

  ProcessFiles process() {
    return new ProcessFiles(path.resolve("process"), path.resolve("pid"));
  }

  /// Inside of a sandbox.
  Path innerPidFile() {
    return path.resolve("inner-pid");
  }

  Path runtimeLog() {
    return path.resolve("runtime.log");
  }

  private Path fifo(Stream stream) {
    return path.resolve(stream.name().toLowerCase(Locale.ROOT));
  }

  /// {@return the name under which its ends are kept}
  String name() {
    return "exec/" + path.getFileName();
  }

  /// Makes the FIFO of an output, and gives the monitor's end of it, which ends when no process has
  /// it open any more.
  Fd outputEnd(Stream stream) throws IOException {
    Streams.fifo(fifo(stream), owner);
    return enlarged(Fifo.openRead(fifo(stream)));
  }

  /// The process's end of an output; the monitor's must be open.
  Fd output(Stream stream) throws IOException {
    return blocking(Fifo.openWrite(fifo(stream)));
  }

  /// Makes the FIFO of the input. It ends when the monitor's end does.
  Fd input() throws IOException {
    Streams.fifo(fifo(Stream.STDIN), owner);
    return blocking(Fifo.openRead(fifo(Stream.STDIN)));
  }

  private static Fd enlarged(Fd fd) throws IOException {
    try {
      Streams.enlarge(fd, PIPE_SIZE);
      return fd;
    } catch (IOException e) {
      fd.close();
      throw e;
    }
  }

  private static Fd blocking(Fd fd) throws IOException {
    try {
      fd.nonBlocking(false);
      return fd;
    } catch (IOException e) {
      fd.close();
      throw e;
    }
  }

  /// The monitor's end of the input; the process's must be open.
  Fd inputEnd() throws IOException {
    return enlarged(Fifo.openWrite(fifo(Stream.STDIN)));
  }

  /// {@return the monitor's ends of those outputs that were made, opened again}
  List<Fd> outputEnds() throws IOException {
    var ends = new ArrayList<Fd>();
    for (Stream stream : List.of(Stream.STDOUT, Stream.STDERR)) {
      if (Files.exists(fifo(stream))) {
        ends.add(Fifo.openRead(fifo(stream)));
      }
    }
    return ends;
  }

  @Override
  public void close() throws IOException {
    DirFd.removeTree(path);
  }
}
