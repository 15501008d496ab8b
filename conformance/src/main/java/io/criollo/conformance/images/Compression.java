// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/// How a layer's archive is packed; the media types are those of the OCI image specification.
enum Compression {
  GZIP("application/vnd.oci.image.layer.v1.tar+gzip") {
    @Override
    byte[] pack(byte[] archive) throws IOException {
      var packed = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(packed)) {
        gzip.write(archive);
      }
      return packed.toByteArray();
    }
  },
  ZSTD("application/vnd.oci.image.layer.v1.tar+zstd") {
    @Override
    byte[] pack(byte[] archive) {
      return Zstd.compress(archive);
    }
  };

  private final String mediaType;

  Compression(String mediaType) {
    this.mediaType = mediaType;
  }

  abstract byte[] pack(byte[] archive) throws IOException;

  Layer layer(byte[] archive) throws IOException {
    return new Layer(new Blob(mediaType, pack(archive)), Blob.digest(archive));
  }
}
