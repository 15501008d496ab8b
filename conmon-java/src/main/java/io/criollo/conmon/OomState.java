// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is known of OOM kills in a container, which the next monitor goes on from.
///
/// @param kills those seen in its own cgroup
/// @param pod what its pod's cgroups told when the container had no part in it
record OomState(long kills, Optional<PodKills> pod) {
  static final OomState NONE = new OomState(0, Optional.empty());

  /// What cannot be read is not known.
  static OomState load(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      long kills = Long.parseLong(lines.get(0));
      if (lines.size() == 1) {
        return new OomState(kills, Optional.empty());
      }
      var present = Set.copyOf(lines.subList(2, lines.size()));
      return new OomState(kills, Optional.of(new PodKills(Long.parseLong(lines.get(1)), present)));
    } catch (NoSuchFileException _) {
      return NONE;
    } catch (IOException | RuntimeException e) {
      System.err.println("WARNING OOM kills before this monitor are not known: " + file + ": " + e);
      return NONE;
    }
  }

  void save(Path file) throws IOException {
    var text = new StringBuilder().append(kills).append('\n');
    pod.ifPresent(known -> {
      text.append(known.vanished()).append('\n');
      known.present().forEach(name -> text.append(name).append('\n'));
    });
    AtomicFile.writeVolatile(file, text.toString().getBytes(UTF_8));
  }
}
