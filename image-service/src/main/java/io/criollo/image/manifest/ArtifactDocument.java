// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files of an artifact: those of its blobs that have a title (OCI image-spec, "Pre-Defined
/// Annotation Keys"), or a path in a model (ModelPack). What has neither cannot be mounted, and is
/// not fetched.
public record ArtifactDocument(String type, List<File> files) implements ImageContent {
  private static final List<String> TITLES =
      List.of("org.opencontainers.image.title", "org.cncf.model.filepath");

  /// A blob with its path below the folder where the artifact is mounted.
  public record File(String path, Descriptor blob) {}

  public ArtifactDocument {
    files = List.copyOf(files);
  }

  /// {@return the files that a manifest names}
  public static ArtifactDocument read(byte[] manifest) throws ImageException {
    return of(ManifestReader.artifact(manifest, ""));
  }

  /// {@return the files of an artifact}
  ///
  /// @throws ImageException CORRUPT when one cannot have its name beside the others
  public static ArtifactDocument of(Artifact artifact) throws ImageException {
    var files = new ArrayList<File>();
    for (var part : artifact.parts()) {
      var title = title(part.annotations());
      if (title.isPresent()) {
        files.add(new File(FileTitle.checked(title.get(), part.blob().digest()), part.blob()));
      }
    }
    refuseClashes(files);
    return new ArtifactDocument(artifact.type(), files);
  }

  private static Optional<String> title(Map<String, String> annotations) {
    return TITLES.stream().filter(annotations::containsKey).findFirst().map(annotations::get);
  }

  private static void refuseClashes(List<File> files) throws ImageException {
    var paths = new HashSet<String>();
    for (var file : files) {
      if (!paths.add(file.path())) {
        throw clash(file.path(), file.blob().digest(), "another file has it");
      }
    }
    for (var file : files) {
      for (var above = FileTitle.above(file.path()); !above.isEmpty(); ) {
        if (paths.contains(above)) {
          throw clash(file.path(), file.blob().digest(), above + " is a file too");
        }
        above = FileTitle.above(above);
      }
    }
  }

  private static ImageException clash(String path, Digest blob, String why) {
    return new ImageException(
        Kind.CORRUPT, "artifact: title \"" + path + "\" of blob " + blob + ": " + why);
  }
}
