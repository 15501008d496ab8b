// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Folders of containers that are nobody's any more, until their files are deleted. One comes here
/// by a rename, so that a crash leaves it whole, here or where it was. Thread-safe for different
/// containers.
final class Removed {
  /// No id of a container begins with a dot.
  private static final String NAME = ".removed";

  private final Path folder;
  private final Projects projects;

  private Removed(Path folder, Projects projects) {
    this.folder = folder;
    this.projects = projects;
  }

  /// @param containers the folder of all containers
  static Removed in(Path containers, Projects projects) throws IOException {
    return new Removed(Files.createDirectories(containers.resolve(NAME)), projects);
  }

  /// {@return the ids of containers whose files are still to be deleted}
  List<String> ids() throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  /// {@return where the files of a container are until they are deleted}
  Path of(String id) {
    return folder.resolve(id);
  }

  /// Takes a container's folder, if it is there.
  void take(Path container) throws IOException {
    var id = container.getFileName().toString();
    try (var from = DirFd.parentOf(container);
        var to = DirFd.open(folder)) {
      try {
        to.rename(from, id, id);
      } catch (LinuxException e) {
        if (e.is(Errno.ENOTEMPTY, Errno.EEXIST)) { // an earlier one of this id is not yet deleted
          delete(id);
          to.rename(from, id, id);
        } else if (e.errno() != Errno.ENOENT) { // there is none
          throw e;
        }
      }
    }
  }

  /// Deletes the files of a container, which takes as long as there are many.
  void delete(String id) throws IOException {
    var project = projects.of(of(id).resolve(RootFilesystems.UPPER));
    DirFd.removeTree(of(id));
    if (project.isPresent()) {
      projects.back(project.get());
    }
  }
}
