// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import java.io.IOException;

/// A layer that an image needs was found broken and taken out meanwhile. Who needs it fetches it
/// again.
public final class LayerGone extends IOException {
  private static final long serialVersionUID = 1;

  LayerGone(Digest chainId) {
    super("layer is not there: " + chainId);
  }
}
