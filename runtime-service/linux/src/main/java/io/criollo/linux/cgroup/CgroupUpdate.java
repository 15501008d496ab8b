// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Several files of one cgroup changed as one: when the kernel refuses a value, those before it get
/// their old ones back. Who calls keeps others away from the same files.
public final class CgroupUpdate {
  private static final String IO_LIMITS = "io.max";
  private static final String NO_IO_LIMIT = " rbps=max wbps=max riops=max wiops=max";

  private final Cgroup cgroup;
  private final Keeper keeper;
  private final Map<String, String> before = new LinkedHashMap<>();

  private CgroupUpdate(Cgroup cgroup, Keeper keeper) {
    this.cgroup = cgroup;
    this.keeper = keeper;
  }

  /// Who else has to know the values, because it writes them again one day.
  @FunctionalInterface
  interface Keeper {
    void keep(Map<String, String> values) throws LinuxException;
  }

  /// Writes the values in the order of the map; several lines in one are written one by one.
  ///
  /// @return what undoes it
  /// @throws LinuxException what the kernel said to the value that it refused; nothing has changed
  public static CgroupUpdate write(Cgroup cgroup, Map<String, String> values)
      throws LinuxException {
    return write(cgroup, values, _ -> {});
  }

  static CgroupUpdate write(Cgroup cgroup, Map<String, String> values, Keeper keeper)
      throws LinuxException {
    var update = new CgroupUpdate(cgroup, keeper);
    for (var value : values.entrySet()) {
      var old = cgroup.read(value.getKey());
      update.before.put(value.getKey(), undoing(value.getKey(), old, value.getValue()));
    }
    try {
      for (var value : values.entrySet()) {
        update.writeLines(value.getKey(), value.getValue());
      }
      keeper.keep(values);
      return update;
    } catch (LinuxException e) {
      update.undoAfter(e);
      throw e;
    }
  }

  /// Writes the old values back, the last first; tries all of them.
  public void undo() throws LinuxException {
    LinuxException first = null;
    for (var value : List.copyOf(before.entrySet()).reversed()) {
      try {
        writeLines(value.getKey(), value.getValue());
      } catch (LinuxException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    keeper.keep(before);
  }

  /// Undoes it because of a failure, to which a failure to do so is added.
  public void undoAfter(Exception cause) {
    try {
      undo();
    } catch (LinuxException e) {
      cause.addSuppressed(e);
    }
  }

  /// A device without a limit has no line in the old value, and keeps a new one unless told.
  private static String undoing(String file, String old, String written) {
    if (!file.equals(IO_LIMITS)) {
      return old;
    }
    var lines = new StringBuilder();
    written.lines().forEach(line -> lines.append(device(line)).append(NO_IO_LIMIT).append('\n'));
    return lines.append(old).toString();
  }

  private static String device(String line) {
    int blank = line.indexOf(' ');
    return blank < 0 ? line : line.substring(0, blank);
  }

  /// An empty value needs a line as well: a write of nothing does not reach the kernel.
  private void writeLines(String file, String value) throws LinuxException {
    if (value.isBlank()) {
      cgroup.write(file, "\n");
      return;
    }
    for (var line : value.lines().toList()) {
      if (!line.isBlank()) {
        cgroup.write(file, line);
      }
    }
  }
}
