// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.linux.AtomicFile;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Layers that were found broken and that containers still stand on. Each has a folder of its own,
/// with the names of those containers, and goes with the last of them. Thread-safe.
public final class Aside {
  private static final String RECORD = "users.json";
  private static final String LAYER = "layer";

  private final Path folder;

  private record Users(int version, @Nullable List<String> containers) {}

  private Aside(Path folder) {
    this.folder = folder;
  }

  public static Aside open(Path root) throws IOException {
    var folder = Files.createDirectories(root.resolve("aside"));
    for (var each : StoreFiles.list(folder)) {
      AtomicFile.sweep(each);
    }
    return new Aside(folder);
  }

  /// {@return where a layer may be moved that these containers use}
  synchronized Path place(Set<String> containers) throws IOException {
    var fresh = Files.createDirectory(folder.resolve(LayerStore.random()));
    write(fresh, containers);
    return fresh.resolve(LAYER);
  }

  /// Removes the layers that only this container used.
  public void left(String container) throws IOException {
    collect(other -> !other.equals(container));
  }

  /// Removes the layers whose containers are all gone.
  ///
  /// @param lives whether a container is still there
  public synchronized void collect(Predicate<String> lives) throws IOException {
    for (var each : StoreFiles.list(folder)) {
      var before = users(each);
      var after = new TreeSet<>(before);
      after.removeIf(lives.negate());
      if (after.isEmpty()) {
        DirFd.removeTree(each);
      } else if (after.size() < before.size()) {
        write(each, after);
      }
    }
  }

  private static Set<String> users(Path each) throws IOException {
    return StoreFiles.read(each.resolve(RECORD), Users.class)
        .map(users -> new TreeSet<>(Objects.requireNonNullElse(users.containers(), List.of())))
        .orElseGet(TreeSet::new);
  }

  private static void write(Path each, Set<String> containers) throws IOException {
    var users = new Users(StoreFiles.VERSION, List.copyOf(containers));
    AtomicFile.write(each.resolve(RECORD), StoreFiles.bytes(users));
  }
}
