// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.runtime.state.Refusal;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ImageMountsTest {
  @Test
  void anImageMayBeMountedReadOnlyWholeOrInPart() {
    assertThatCode(() -> check(_ -> {})).doesNotThrowAnyException();
    assertThatCode(() -> check(m -> m.setImageSubPath("etc/a..b"))).doesNotThrowAnyException();
  }

  @Test
  void whatAnImageMountCannotBeIsRefused() {
    refused(m -> m.setReadonly(false), "readonly");
    refused(m -> m.setHostPath("/etc"), "host_path");
    refused(m -> m.setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL), "propagation");
    refused(m -> m.setImageSubPath("/etc"), "image_sub_path");
    refused(m -> m.setImageSubPath("a/../../b"), "image_sub_path");
    refused(m -> m.setImageSubPath("a\nb"), "image_sub_path");
    refused(m -> m.clearImage().setHostPath("/x").setImageSubPath("a"), "needs an image");
  }

  private static void refused(Consumer<Mount.Builder> change, String text) {
    assertThatThrownBy(() -> check(change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text)
        .hasMessageContaining("/data");
  }

  private static void check(Consumer<Mount.Builder> change) {
    var mount =
        Mount.newBuilder()
            .setContainerPath("/data")
            .setReadonly(true)
            .setImage(ImageSpec.newBuilder().setImage("busybox"));
    change.accept(mount);
    ImageMounts.check(ContainerConfig.newBuilder().addMounts(mount).build());
  }
}
