// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.pem;

import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// One block of a PEM file (RFC 7468); text between blocks is nothing.
public record Pem(String label, String base64) {
  private static final int LARGEST_FILE = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  /// {@return the file's blocks, in order}
  public static List<Pem> read(Path file) throws IOException {
    try {
      return parse(CappedFile.read(file, LARGEST_FILE));
    } catch (NoSuchFileException e) {
      throw new IOException("read " + file + ": no such file", e);
    } catch (IOException e) {
      throw new IOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  /// {@return the block's bytes}
  ///
  /// @throws IllegalArgumentException when they are not written as base64
  public byte[] der() {
    return Base64.getDecoder().decode(base64);
  }

  /// {@return the blocks of a file's content, in order}
  public static List<Pem> parse(byte[] content) {
    var text = new String(content, StandardCharsets.ISO_8859_1);
    var blocks = new ArrayList<Pem>();
    for (var found = BLOCK.matcher(text); found.find(); ) {
      blocks.add(new Pem(found.group(1), found.group(2).replaceAll("\\s+", "")));
    }
    return blocks;
  }
}
