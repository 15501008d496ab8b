// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileLabels;
import io.criollo.runtime.spec.BindMount.Access;
import io.criollo.runtime.spec.BindMount.Propagation;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// What every container gets of the node's files, such as a subscription: a copy of its own, that
/// lies beside what it writes and goes with it. An entry that cannot be had is left out with a
/// warning, as by CRI-O.
record DefaultMounts(SpecInput input, List<BindMount> requested) {
  private static final System.Logger LOG = System.getLogger(DefaultMounts.class.getName());
  private static final List<String> KERNELS = List.of("/proc", "/sys", "/dev");

  /// @param requested mounts of the request, in whose place none is mounted
  static List<BindMount> make(SpecInput input, List<BindMount> requested) {
    var files = input.node().defaults().files().mountFiles();
    try {
      var conf = MountsConf.first(files);
      return conf.isEmpty()
          ? List.of()
          : new DefaultMounts(input, List.copyOf(requested)).of(conf.get());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no default mounts: {0}", e.getMessage());
      return List.of();
    }
  }

  private List<BindMount> of(MountsConf conf) {
    var mounts = new ArrayList<BindMount>();
    for (int i = 0; i < conf.entries().size(); i++) {
      var entry = conf.entries().get(i);
      try {
        var destination = destination(entry);
        if (isFree(destination, mounts)) {
          mounts.add(mount(destination, copy(entry, i)));
        }
      } catch (NoSuchFileException e) {
        LOG.log(Level.DEBUG, "{0}: {1} does not exist", conf.file(), e.getMessage());
      } catch (IOException | Refusal e) {
        LOG.log(
            Level.WARNING,
            "{0}: {1} is not mounted: {2}",
            conf.file(),
            entry.source(),
            e.getMessage());
      }
    }
    return mounts;
  }

  private static String destination(MountsConf.Entry entry) {
    var path = Check.absolutePath("destination", entry.destination());
    boolean free = KERNELS.stream().noneMatch(top -> Check.isAtOrBelow(path, top));
    Check.that(
        free && !path.equals("/"), "destination", path, "must not be the root or a kernel's");
    return path;
  }

  private boolean isFree(String destination, List<BindMount> mounts) {
    return requested.stream().noneMatch(mount -> mount.destination().equals(destination))
        && mounts.stream().noneMatch(mount -> mount.destination().equals(destination));
  }

  private static BindMount mount(String destination, Path source) {
    return new BindMount(
        destination,
        source.toString(),
        Access.READ_WRITE,
        Propagation.PRIVATE,
        List.of(),
        false); // its owners are those of the node already
  }

  private Path copy(MountsConf.Entry entry, int number) throws IOException {
    var from = Check.hostPath("source", entry.source()).toRealPath();
    var folder = Files.createDirectories(input.paths().volumes());
    // root of a user namespace passes through
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    var to = folder.resolve("default-" + number);
    var users = input.users();
    var root =
        new VolumeOwner(users.map(UserNs::rootUid).orElse(0), users.map(UserNs::rootGid).orElse(0));
    try {
      new TreeCopy(root).copy(from, to);
    } catch (IOException e) {
      DirFd.removeTree(to);
      throw e;
    }
    var labels = input.paths().labels();
    if (labels.isPresent()) {
      FileLabels.setTree(to, labels.get().files());
    }
    return to;
  }
}
