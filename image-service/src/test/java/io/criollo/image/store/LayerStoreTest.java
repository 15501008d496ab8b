// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageId;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.image.unpack.Pending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
  private static final Digest LAYER = Digest.ofSha256(new byte[] {1});

  @TempDir Path root;
  private LayerStore layers;
  private Aside aside;

  @BeforeEach
  void open() throws Exception {
    layers = LayerStore.open(root);
    aside = Aside.open(root);
    var folder = layers.newFolder();
    Files.writeString(Files.createDirectory(folder.resolve("diff")).resolve("file"), "content");
    var nothing = new Pending(Set.of(), List.of(), List.of());
    layers.stage(folder, LAYER, LAYER, new Unpacked(4096, 1, nothing, false));
    layers.commit(List.of(LAYER));
  }

  @Test
  void whenItsUsersAreAskedForNobodyFindsALayerAnyMore() throws Exception {
    assertThat(layers.get(LAYER).sealed()).isTrue();
    layers.putAside(
        LAYER,
        aside,
        chain -> {
          assertThat(chain).isEqualTo(LAYER.hex());
          assertThatThrownBy(() -> layers.get(LAYER)).isInstanceOf(IOException.class);
          assertThat(layers.diff(LAYER)).as("still for those who found it").isDirectory();
          return Set.of("a", "b");
        },
        () -> assertThat(layers.diff(LAYER)).as("no image is asked before").doesNotExist());

    assertThat(layers.diff(LAYER)).doesNotExist();
    aside.left("a");
    assertThat(root.resolve("aside")).isDirectoryRecursivelyContaining("glob:**/file");
    aside.left("b");
    assertThat(root.resolve("aside")).isEmptyDirectory();
  }

  @Test
  void anImageWhoseLayerWasTakenOutMeanwhileDoesNotComeIn() throws Exception {
    var document =
        """
        {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}
        """
            .formatted(LAYER)
            .getBytes(StandardCharsets.UTF_8);
    var id = ImageId.of(Digest.ofSha256(document));
    var names =
        new StoredImage.Names(new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    var image = new StoredImage(id, ConfigDocument.read(document), List.of(LAYER), 1, names);
    var images = ImageStore.open(root, BlobStore.open(root), layers);
    layers.putAside(LAYER, aside, _ -> Set.of(), () -> {});

    assertThatThrownBy(() -> images.add(image, Map.of()))
        .isInstanceOf(LayerGone.class)
        .hasMessage("layer is not there: " + LAYER);
    assertThat(images.all()).isEmpty();
  }
}
