// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One JSON file per object, {@code pods/ID/pod.json}, replaced whole. A file that cannot be read
/// is moved to the quarantine and costs only its own object. Thread-safe for different objects; the
/// owner of an object orders its writes.
public final class StateStore<T> {
  private static final System.Logger LOG = System.getLogger(StateStore.class.getName());
  private static final int VERSION = 1;
  private static final long LARGEST = 8 << 20;

  private record Versioned(int version, JsonNode object) {}

  private record Written<O>(int version, O object) {}

  private final ObjectMapper mapper = Json.mapper();
  private final Class<T> type;
  private final Path folder;
  private final String fileName;
  private final Path quarantine;
  private final Function<T, String> id;

  private StateStore(Class<T> type, Path filePattern, Path quarantine, Function<T, String> id) {
    this.type = type;
    this.folder = requireNonNull(filePattern.getParent());
    this.fileName = filePattern.getFileName().toString();
    this.quarantine = quarantine;
    this.id = id;
  }

  public static StateStore<PodRecord> pods(Layout layout) {
    return new StateStore<>(
        PodRecord.class,
        layout.pods().resolve("pod.json"),
        layout.quarantine(),
        record -> record.id().hex());
  }

  public static StateStore<ContainerRecord> containers(Layout layout) {
    return new StateStore<>(
        ContainerRecord.class,
        layout.containers().resolve("container.json"),
        layout.quarantine(),
        record -> record.id().hex());
  }

  /// Writes the object so that it survives a power cut.
  public void save(String id, T object) throws IOException {
    var file = file(id);
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, mapper.writeValueAsBytes(new Written<>(VERSION, object)));
  }

  /// Deletes the object's file, and its folder if nothing else is there.
  public void delete(String id) throws IOException {
    Files.deleteIfExists(file(id));
    try {
      Files.deleteIfExists(folder.resolve(id));
    } catch (DirectoryNotEmptyException _) {
      // other parts of the daemon keep files of the same object there
    }
  }

  /// {@return all objects that can be read}
  public List<T> loadAll() throws IOException {
    Files.createDirectories(folder);
    var objects = new ArrayList<T>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        load(entry).ifPresent(objects::add);
      }
    }
    return objects;
  }

  private Optional<T> load(Path entry) throws IOException {
    var name = entry.getFileName().toString();
    try {
      return read(name);
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING, "state of {0} is set aside in {1}: {2}", name, quarantine, e.getMessage());
      Files.createDirectories(quarantine);
      var aside = quarantine.resolve(name + "." + System.currentTimeMillis() + "." + fileName);
      Files.move(file(name), aside, StandardCopyOption.ATOMIC_MOVE);
      return Optional.empty();
    }
  }

  private Optional<T> read(String name) throws IOException {
    var file = file(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + " is larger than " + LARGEST + " bytes");
    }
    var versioned = mapper.readValue(Files.readAllBytes(file), Versioned.class);
    if (versioned.version() != VERSION) {
      throw new IOException(file + " has format " + versioned.version() + ", known is " + VERSION);
    }
    var object = decode(versioned);
    if (!id.apply(object).equals(name)) {
      throw new IOException(file + " belongs to " + id.apply(object));
    }
    return Optional.of(object);
  }

  private T decode(Versioned versioned) throws JsonProcessingException {
    return mapper.treeToValue(versioned.object(), type);
  }

  private Path file(String id) {
    return folder.resolve(id).resolve(fileName);
  }
}
