// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The hooks of these folders, read again when something in them has changed: a look at a folder
/// misses nothing that a watch could. Any thread.
public final class HookFolders {
  public static final HookFolders NONE = new HookFolders(List.of(), HookReading.of(List.of()));

  private static final System.Logger LOG = System.getLogger(HookFolders.class.getName());

  private final List<Path> folders;
  private volatile HookReading last;

  private HookFolders(List<Path> folders, HookReading first) {
    this.folders = List.copyOf(folders);
    this.last = first;
  }

  /// Reads what is there now. A folder that is missing is one without hooks.
  ///
  /// @param folders a file of a later one takes the place of its namesake in an earlier one
  /// @throws IOException when a file cannot be used; it names all such files
  public static HookFolders open(List<Path> folders) throws IOException {
    for (var folder : folders) {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        LOG.log(Level.WARNING, "no hooks from {0}: it is no folder", folder);
      }
    }
    var first = HookReading.of(folders);
    if (!first.faults().isEmpty()) {
      throw new IOException(String.join("; ", first.faults()));
    }
    warn(first);
    return new HookFolders(folders, first);
  }

  /// {@return the hooks as they are now, in the order in which they run} A file that has become
  /// unusable since the start is left out with a warning.
  public List<HookFile> current() {
    var known = last;
    if (known.holds(folders)) {
      return known.hooks();
    }
    var next = HookReading.of(folders);
    warn(next);
    last = next;
    return next.hooks();
  }

  private static void warn(HookReading reading) {
    reading.faults().forEach(fault -> LOG.log(Level.WARNING, "hook is left out: {0}", fault));
    reading
        .absent()
        .forEach(file ->
            LOG.log(
                Level.WARNING,
                "hook is left out: {0}: its program {1} is missing",
                file.path(),
                file.program().path()));
  }
}
