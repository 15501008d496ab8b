// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.Decoder;
import io.criollo.conmon.protocol.Encoder;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.ProtocolException;
import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Exits of containers: a file each under the state directory until the container is forgotten, and
/// a mark when the daemon has taken it. Thread-safe; listeners are called under its lock, in order,
/// and must only queue.
final class ExitRecorder {
  private final Path folder;
  private final Path marks;
  private final Map<String, ExitRecord> exits = new HashMap<>();
  private final List<ExitRecord> untaken = new ArrayList<>();
  private final List<Consumer<ExitRecord>> listeners = new ArrayList<>();

  private ExitRecorder(Path stateDir) throws IOException {
    this.folder = Files.createDirectories(stateDir.resolve("exits"));
    this.marks = Files.createDirectories(stateDir.resolve("taken"));
  }

  static ExitRecorder open(Path stateDir) throws IOException {
    var recorder = new ExitRecorder(stateDir);
    AtomicFile.sweep(recorder.folder);
    AtomicFile.sweep(recorder.marks);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(recorder.folder)) {
      for (Path file : files) {
        recorder.load(file);
      }
    }
    recorder.untaken.sort(Comparator.comparing(ExitRecord::at));
    return recorder;
  }

  private void load(Path file) throws IOException {
    String name = file.getFileName().toString();
    try {
      if (Decoder.decode(Files.readAllBytes(file)) instanceof ExitRecord exit
          && exit.containerId().equals(name)) {
        exits.put(name, exit);
        if (!Files.exists(marks.resolve(name))) {
          untaken.add(exit);
        }
      }
    } catch (ProtocolException e) {
      System.err.println("WARNING exit file " + file + " is not readable: " + e.getMessage());
    }
  }

  /// Keeps an exit, then tells of it. The first one of a container counts.
  synchronized void record(ExitRecord exit) throws IOException {
    if (exits.containsKey(exit.containerId())) {
      return;
    }
    AtomicFile.writeVolatile(folder.resolve(exit.containerId()), Encoder.encode(exit));
    exits.put(exit.containerId(), exit);
    untaken.add(exit);
    listeners.forEach(listener -> listener.accept(exit));
  }

  synchronized Optional<ExitRecord> exit(String id) {
    return Optional.ofNullable(exits.get(id));
  }

  /// Hears of all exits not taken so far, then of each new one.
  synchronized void listen(Consumer<ExitRecord> listener) {
    untaken.forEach(listener);
    listeners.add(listener);
  }

  synchronized void unlisten(Consumer<ExitRecord> listener) {
    listeners.remove(listener);
  }

  synchronized void taken(String id) throws IOException {
    if (untaken.removeIf(exit -> exit.containerId().equals(id))) {
      AtomicFile.writeVolatile(marks.resolve(id), new byte[0]);
    }
  }

  synchronized void forget(String id) throws IOException {
    exits.remove(id);
    untaken.removeIf(exit -> exit.containerId().equals(id));
    Files.deleteIfExists(folder.resolve(id));
    Files.deleteIfExists(marks.resolve(id));
  }
}
