// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// An image of the files of installed Debian packages, spread over some layers, and one more layer
/// that takes something away and puts something else in its place.
///
/// @param packages those that are not installed are left out
record PackageImage(String name, List<String> packages, int layers, Compression compression) {

  enum Compression {
    GZIP,
    ZSTD
  }

  /// `cap_net_raw=ep`, as revision 2 has it on disk.
  private static final String NET_RAW = "\1\0\0\2" + "\0\40\0\0" + "\0".repeat(12);

  private static final long LARGE = 200_000;

  /// What a running system changes all the time.
  private static final Set<String> MOVING = Set.of("/.", "/dev", "/proc", "/run", "/sys", "/tmp");

  /// Without it, each tool gives the root a time of its own.
  private static final String ROOT = ".";

  /// The image, and the same with gzip only, which every tool reads.
  record Both(TestImage image, TestImage gzip) {}

  Both make(Path scratch) throws IOException, InterruptedException {
    var files = files();
    var wanted = new ArrayList<TestLayer.Blob>();
    var gzip = new ArrayList<TestLayer.Blob>();
    for (int i = 0; i < layers; i++) {
      var from = (int) ((long) files.size() * i / layers);
      var to = (int) ((long) files.size() * (i + 1) / layers);
      var last = layers > 1 && i == layers - 1;
      var tar = last ? changes(files) : Tools.tar(scratch, files.subList(from, to));
      wanted.add(compression == Compression.GZIP ? TestLayer.gzip(tar) : TestLayer.zstd(tar));
      gzip.add(TestLayer.gzip(tar));
    }
    return new Both(TestImage.of(name, wanted), TestImage.of(name, gzip));
  }

  private List<String> files() throws IOException, InterruptedException {
    var found = new TreeSet<>(Set.of(ROOT));
    for (var each : packages) {
      for (var file : Tools.filesOf(each)) {
        if (!MOVING.contains(file) && isSmall(Path.of(file))) {
          found.add(real(Path.of(file)));
        }
      }
    }
    if (found.size() < layers) {
      throw new IOException(packages + " have only " + found.size() + " files");
    }
    return List.copyOf(found);
  }

  /// {@return whether a path is there, and no file that would make the test long}
  private static boolean isSmall(Path file) throws IOException {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && (Files.isDirectory(file) || Files.isSymbolicLink(file) || Files.size(file) < LARGE);
  }

  /// {@return where a file is in truth: packages say /bin/x where /bin is a link}
  private static String real(Path file) throws IOException {
    var parent = file.resolveSibling(".").toRealPath();
    return parent.resolve(file.getFileName()).toString().substring(1);
  }

  private static byte[] changes(List<String> files) {
    var layer = new TestLayer();
    var plain =
        files.stream()
            .map(file -> Path.of("/", file))
            .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .toList();
    var gone = plain.getFirst();
    layer.file(gone.resolveSibling(".wh." + gone.getFileName()).toString().substring(1), "");
    var other = plain.getLast();
    if (!other.equals(gone)) {
      layer.file(other.toString().substring(1), "in place of what was here", 0640);
    }
    layer.directory("opt/criollo", 01777).symlink("opt/criollo/link", "../../etc");
    layer.withHeaders(
        "opt/criollo/marked", Map.of("SCHILY.xattr.user.criollo", "value"), "with an attribute");
    layer.withHeaders(
        "opt/criollo/able", Map.of("SCHILY.xattr.security.capability", NET_RAW), "may do a bit");
    layer.hardlink("opt/criollo/twin", "opt/criollo/marked");
    layer.file("opt/criollo/" + "long/".repeat(40) + "name", "deep");
    return layer.tar();
  }
}
