// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PullImageRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Signature policies of namespaces, as the kubelet meets them.
@AnyRuntime
class PolicyIT {
  private static final String STRICT = "strict";
  private static final String FAILED = "SignatureValidationFailed: ";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @AfterEach
  void withoutPolicy() throws IOException {
    Files.deleteIfExists(criollo.node().policies().resolve(STRICT + ".json"));
  }

  private static void reject(String scope) throws IOException {
    var folder = Files.createDirectories(criollo.node().policies());
    Files.writeString(
        folder.resolve(STRICT + ".json"),
        """
        {"default": [{"type": "insecureAcceptAnything"}],
        "transports": {"docker": {"%s": [{"type": "reject"}]}}}\
        """
            .formatted(scope));
  }

  private static PodSandboxConfig strict() throws IOException {
    var config = criollo.config("strict");
    config.getMetadataBuilder().setNamespace(STRICT);
    return config.build();
  }

  @Test
  void aNamespaceCannotPullWhatItsPolicyRejects() throws IOException {
    reject("registry.k8s.io/criollo/layers");
    var request =
        PullImageRequest.newBuilder()
            .setImage(CriClient.spec(TestImages.LAYERS))
            .setSandboxConfig(strict())
            .build();

    // the kubelet sees the text bare only with this code
    assertRefused(
        Code.UNKNOWN,
        () -> criollo.client().images().pullImage(request),
        FAILED,
        TestImages.LAYERS,
        "rejected");

    assertThat(criollo.client().pull(TestImages.LAYERS)).startsWith("sha256:");
  }

  @Test
  void aNamespaceCannotUseWhatItsPolicyRejects() throws IOException {
    reject("docker.io/library");
    Pod pod = criollo.run(strict());

    for (String name : new String[] {"busybox", TestImages.BUSYBOX}) {
      assertRefused(
          Code.UNKNOWN,
          () -> pod.create(Pod.container("rejected", name, "true")),
          FAILED,
          "rejected");
    }
    String id = criollo.client().pull(TestImages.BUSYBOX);
    var byId = Pod.container("by-id", id, "true");
    byId.setImage(ImageSpec.newBuilder().setImage(id).setUserSpecifiedImage(TestImages.BUSYBOX));
    assertRefused(Code.UNKNOWN, () -> pod.create(byId), FAILED, "rejected");

    Pod other = criollo.pod("other");
    other.createAndStart(Pod.container("accepted", TestImages.BUSYBOX, "sleep", "60"));
  }

  @Test
  void aNamespaceCannotMountWhatItsPolicyRejects() throws IOException {
    criollo.client().pull(TestImages.LAYERS);
    reject("registry.k8s.io/criollo/layers");
    Pod pod = criollo.run(strict());
    var container = Pod.container("mounts", TestImages.BUSYBOX, "true");
    container.addMounts(
        Mount.newBuilder()
            .setContainerPath("/volume")
            .setReadonly(true)
            .setImage(CriClient.spec(TestImages.LAYERS)));

    assertRefused(Code.UNKNOWN, () -> pod.create(container), FAILED, "rejected");
  }
}
