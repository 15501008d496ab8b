// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One file per attachment, written before the first plugin runs and removed after the last DEL:
/// what is listed here may hold an address, a device or a rule. Thread-safe for distinct pods.
record ResultCache(Path dir) {
  private static final System.Logger LOG = System.getLogger(ResultCache.class.getName());

  /// Removes files that a writer's end left half written.
  void sweep() {
    if (!Files.isDirectory(dir)) {
      return;
    }
    try {
      AtomicFile.sweep(dir);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "sweep {0}: {1}", dir, e.getMessage());
    }
  }

  /// Says that plugins are about to run. Survives the daemon's end; a node that loses power loses
  /// this together with all that the plugins made, except addresses of file-based IPAM.
  void begin(CachedAttachment attachment) throws IOException {
    Files.createDirectories(dir);
    AtomicFile.writeVolatile(file(attachment.pod()), attachment.toJson());
  }

  void complete(CachedAttachment attachment) throws IOException {
    AtomicFile.write(file(attachment.pod()), attachment.toJson());
  }

  void remove(PodAttachment pod) throws IOException {
    Files.deleteIfExists(file(pod));
  }

  Optional<CachedAttachment> find(PodAttachment pod) {
    return read(file(pod));
  }

  /// {@return what can be read; torn or foreign files are logged and left alone}
  List<CachedAttachment> list() throws IOException {
    var attachments = new ArrayList<CachedAttachment>();
    try (var files = Files.newDirectoryStream(dir, "*@*.json")) {
      files.forEach(file -> read(file).ifPresent(attachments::add));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(attachments);
  }

  private Path file(PodAttachment pod) {
    return dir.resolve(pod.podId() + "@" + pod.ifName() + ".json");
  }

  private static Optional<CachedAttachment> read(Path file) {
    try {
      return Optional.of(CachedAttachment.fromJson(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "ignore network attachment {0}: {1}", file, e.getMessage());
      return Optional.empty();
    }
  }
}
