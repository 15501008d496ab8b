// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks through folders that others are clearing away meanwhile.
final class Tree {
  private Tree() {}

  /// {@return the folder and what is below it, a folder before what is in it}; what goes while it
  /// is looked for may be missing. Symbolic links are not followed.
  ///
  /// @param deepest levels below the folder
  /// @throws NoSuchFileException without the folder itself
  static List<Path> of(Path folder, int deepest) throws IOException {
    Files.readAttributes(folder, BasicFileAttributes.class);
    List<Path> found = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            found.add(each);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
            found.add(each);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path each, IOException failure)
              throws IOException {
            return unlessOtherThanGone(failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : unlessOtherThanGone(failure);
          }
        };
    Files.walkFileTree(folder, Set.of(), deepest, visitor);
    return found;
  }

  private static FileVisitResult unlessOtherThanGone(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }
}
