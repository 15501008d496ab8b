// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What was found in folders of hooks at one time.
///
/// @param stamps of each file, by which a later change is seen
/// @param hooks those that can be used, by the names of their files
/// @param absent those whose program is missing
/// @param faults files that cannot be used, each with what is wrong
record HookReading(
    Map<Path, HookStamp> stamps, List<HookFile> hooks, List<HookFile> absent, List<String> faults) {
  private static final System.Logger LOG = System.getLogger(HookReading.class.getName());
  private static final Comparator<String> ORDER =
      Comparator.comparing((String name) -> name.toLowerCase(Locale.ROOT))
          .thenComparing(Comparator.naturalOrder());

  static HookReading of(List<Path> folders) {
    var stamps = stamps(folders);
    var byName = new TreeMap<String, HookFile>(ORDER);
    var absent = new ArrayList<HookFile>();
    var faults = new ArrayList<String>();
    stamps.forEach((path, stamp) -> {
      try {
        stamp.requireTrusted();
        var file = HookFile.read(path);
        if (Files.exists(Path.of(file.program().path()))) {
          byName.put(String.valueOf(path.getFileName()), file);
        } else {
          absent.add(file);
        }
      } catch (NoSuchFileException _) {
        // went since the folder was listed
      } catch (IOException e) {
        faults.add(path + ": " + e.getMessage());
      }
    });
    return new HookReading(stamps, List.copyOf(byName.values()), List.copyOf(absent), faults);
  }

  /// {@return whether all is as it was}
  boolean holds(List<Path> folders) {
    return stamps.equals(stamps(folders))
        && absent.stream().noneMatch(file -> Files.exists(Path.of(file.program().path())));
  }

  private static Map<Path, HookStamp> stamps(List<Path> folders) {
    var stamps = new LinkedHashMap<Path, HookStamp>();
    for (var folder : folders) {
      for (var file : files(folder)) {
        try {
          stamps.put(file, HookStamp.of(folder, file));
        } catch (NoSuchFileException _) {
          // went since the folder was listed
        } catch (IOException e) {
          LOG.log(Level.WARNING, "no hook from {0}: {1}", file, e.toString());
        }
      }
    }
    return stamps;
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder, "*.json")) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(Level.WARNING, "no hooks from {0}: {1}", folder, e.toString());
    }
    found.sort(null);
    return found;
  }
}
