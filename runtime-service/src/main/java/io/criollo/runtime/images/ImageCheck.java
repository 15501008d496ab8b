// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.images;

import io.criollo.image.CheckImages;
import io.criollo.image.CheckImages.Checked;
import io.criollo.image.CheckImages.Wish;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.seal.Pace;
import java.io.IOException;
import java.util.Optional;

/// A check of all images, as lines for the person who asked for it (`criollo check`). Read by one
/// thread; closed by another one when the person has left.
public final class ImageCheck implements AutoCloseable {
  private final Wish wish;
  private final Pace pace = Pace.full();
  private final CheckImages.Check check;
  private int seen;
  private int broken;
  private long bytes;
  private boolean summed;

  public ImageCheck(CheckImages images, Wish wish) {
    this.wish = wish;
    this.check = images.begin(wish, pace);
  }

  /// {@return the next line; empty after the last}
  ///
  /// @throws ImageException CORRUPT in place of the last line when something is broken still
  public Optional<String> next() throws IOException, ImageException {
    var checked = check.next();
    if (checked.isPresent()) {
      seen++;
      bytes += checked.get().bytes();
      broken += checked.get().fault().isPresent() ? 1 : 0;
      return Optional.of(line(checked.get()));
    }
    if (summed) {
      return Optional.empty();
    }
    summed = true;
    if (broken > 0 && !wish.repair()) {
      throw new ImageException(
          Kind.CORRUPT,
          broken + " of " + seen + " are broken; criollo check --repair takes them out");
    }
    return Optional.of(summary());
  }

  private static String line(Checked checked) {
    return checked
        .fault()
        .map(fault -> "BROKEN " + checked.what() + " of " + checked.images() + ": " + fault)
        .orElse("ok     " + checked.what());
  }

  private String summary() {
    var text = new StringBuilder();
    text.append(seen).append(" layers and images checked, ").append(bytes >> 20).append(" MiB");
    if (broken > 0) {
      text.append("; ").append(broken).append(" taken out, the next pull brings them anew");
    }
    if (check.unsealed() > 0) {
      text.append("; ").append(check.unsealed()).append(" layers are too old to be checked");
    }
    return text.toString();
  }

  @Override
  public void close() {
    pace.close();
  }
}
