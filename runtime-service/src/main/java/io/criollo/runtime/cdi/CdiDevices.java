// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cdi;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// The devices that files in these folders describe, read at each use: drivers come and go. A
/// device of a later folder takes the place of its namesake; two in one folder are none.
public final class CdiDevices {
  private static final System.Logger LOG = System.getLogger(CdiDevices.class.getName());

  private final List<Path> folders;
  private final Map<CdiName, Found> devices = new LinkedHashMap<>();

  /// @param conflict the other file of the same folder that describes the device, or an empty text
  private record Found(CdiFile file, CdiEdits edits, Path path, String conflict) {}

  private CdiDevices(List<Path> folders) {
    this.folders = folders;
  }

  /// Reads what is there now. A file that cannot be used is left out with a warning.
  public static CdiDevices read(List<Path> folders) {
    var devices = new CdiDevices(folders);
    folders.forEach(devices::readFolder);
    return devices;
  }

  private void readFolder(Path folder) {
    var here = new LinkedHashMap<CdiName, Found>();
    for (var path : files(folder)) {
      try {
        var file = CdiFile.read(path);
        for (var device : file.devices()) {
          var name = new CdiName(file.kind(), device.name());
          var namesake = here.get(name);
          var conflict = namesake == null ? "" : namesake.path.toString();
          var edits = CdiFile.edits(device.containerEdits());
          here.put(name, new Found(file, edits, path, conflict));
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "{0} is left out: {1}", path, e.getMessage());
      }
    }
    devices.putAll(here);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder, "*.{json,yaml}")) {
      entries.forEach(found::add);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} is left out: {1}", folder, e.getMessage());
    }
    found.sort(null);
    return found;
  }

  /// {@return what these devices change together}: that of each file once, before that of its first
  /// device
  ///
  /// @param field of the request, for messages
  /// @throws Refusal.InvalidArgument for a device that no file describes
  /// @throws Refusal.FailedPrecondition for one that several files describe
  public CdiEdits edits(List<CdiName> names, String field) {
    var files = new LinkedHashSet<Path>();
    var edits = CdiEdits.NONE;
    for (var name : names) {
      var found = devices.get(name);
      if (found == null) {
        throw new Refusal.InvalidArgument(
            field, name, "must be a device that a usable file in " + folders + " describes");
      }
      if (!found.conflict.isEmpty()) {
        throw new Refusal.FailedPrecondition(
            field
                + " "
                + name
                + ": "
                + found.path
                + " and "
                + found.conflict
                + " both describe it");
      }
      if (files.add(found.path)) {
        edits = edits.plus(found.file.common());
      }
      edits = edits.plus(found.edits);
    }
    return edits;
  }
}
