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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Exits of containers: a file each under the state directory until the container is forgotten, and
/// a mark when the daemon has taken it. What a full disk does not take is told all the same and
/// written later. Thread-safe; listeners are called under its lock, in order, and must only queue.
final class ExitRecorder {
  private final Path folder;
  private final Path marks;
  private final Map<String, ExitRecord> exits = new HashMap<>();
  private final List<ExitRecord> untaken = new ArrayList<>();
  private final Map<String, ExitRecord> unwritten = new LinkedHashMap<>();
  private final List<Consumer<ExitRecord>> listeners = new ArrayList<>();
  private boolean failing;

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
  ///
  /// @return whether it is on the disk; if not, [#write] is to be tried again
  synchronized boolean record(ExitRecord exit) {
    if (exits.containsKey(exit.containerId())) {
      return true;
    }
    exits.put(exit.containerId(), exit);
    untaken.add(exit);
    unwritten.put(exit.containerId(), exit);
    boolean written = write();
    listeners.forEach(listener -> listener.accept(exit));
    return written;
  }

  /// Writes what could not be written before.
  ///
  /// @return whether all exits are on the disk
  synchronized boolean write() {
    try {
      for (var exit : List.copyOf(unwritten.values())) {
        AtomicFile.writeVolatile(folder.resolve(exit.containerId()), Encoder.encode(exit));
        unwritten.remove(exit.containerId());
      }
      return true;
    } catch (IOException e) {
      if (!failing) {
        System.err.println("ERROR exits are kept in memory, they cannot be written: " + e);
      }
      return false;
    } finally {
      failing = !unwritten.isEmpty();
    }
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

  synchronized void taken(String id) {
    if (untaken.removeIf(exit -> exit.containerId().equals(id))) {
      try {
        AtomicFile.writeVolatile(marks.resolve(id), new byte[0]);
      } catch (IOException e) { // to be told twice does no harm
        System.err.println("WARNING the next monitor tells the exit of " + id + " again: " + e);
      }
    }
  }

  synchronized void forget(String id) throws IOException {
    exits.remove(id);
    unwritten.remove(id);
    untaken.removeIf(exit -> exit.containerId().equals(id));
    Files.deleteIfExists(folder.resolve(id));
    Files.deleteIfExists(marks.resolve(id));
  }
}
