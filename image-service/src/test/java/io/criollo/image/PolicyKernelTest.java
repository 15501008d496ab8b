// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.policy.Signature;
import io.criollo.image.policy.TestSigner;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Signature policies when an image is pulled, and when it is to be used.
class PolicyKernelTest extends RegistryFixture {
  private static final String NAME = "reg.test/app:v1";
  private static final String REJECT = "{\"type\": \"reject\"}";
  private static final String ACCEPT = "{\"type\": \"insecureAcceptAnything\"}";

  private TestImage image;

  @BeforeEach
  void image() throws Exception {
    image = TestImage.of("signed", new TestLayer().file("f", "x").gzip());
    registry.image("app", "v1", image);
    Files.createDirectory(folder.resolve("policies"));
    Files.createDirectory(folder.resolve("registries.d"));
  }

  private void policy(String file, String requirement) throws Exception {
    Files.writeString(folder.resolve(file), "{\"default\": [" + requirement + "]}");
  }

  private void stores(String section) throws Exception {
    Files.writeString(
        folder.resolve("registries.d/test.yaml"), "default-docker:\n    " + section + "\n");
  }

  private static void assertRefused(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SIGNATURE))
        .hasMessageStartingWith("SignatureValidationFailed: ")
        .hasMessageContainingAll(words);
  }

  private void admit(String namespace) throws Exception {
    var id = store.images().imageStatus().find(NAME).orElseThrow().id();
    store.images().admitImage().admit(id, NAME, namespace);
  }

  @Test
  void whatIsRejectedIsNotAskedFor() throws Exception {
    policy("policy.json", REJECT);

    assertRefused(() -> store.pull(NAME), NAME, "rejected");

    assertThat(registry.seen()).isEmpty();
    assertThat(store.images().listImages().list(Optional.empty())).isEmpty();
  }

  @Test
  void eachNamespaceHasItsPolicyAtThePullAndAtTheUse() throws Exception {
    policy("policies/strict.json", REJECT);
    var request = new PullRequest(NAME, Optional.empty(), "strict");
    assertRefused(() -> store.images().pullImage().pull(request), "rejected");
    store.pull(NAME);

    admit("");
    admit("other");
    assertRefused(() -> admit("strict"), NAME, "rejected");

    policy("policy.json", REJECT);
    assertRefused(() -> admit("other"), "rejected");
    policy("policies/other.json", ACCEPT);
    admit("other");
  }

  @Test
  void aBrokenPolicyLetsNothingIn() throws Exception {
    Files.writeString(folder.resolve("policy.json"), "{");
    assertThatThrownBy(() -> store.pull(NAME))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
        .hasMessageContaining("policy.json");
  }

  private void place(byte[] signature, Digest manifest, int number) throws Exception {
    var at = folder.resolve("sigs/app@sha256=" + manifest.hex() + "/signature-" + number);
    Files.createDirectories(at.getParent());
    Files.write(at, signature);
  }

  @Test
  void signaturesByGpgAreFoundInTheSignatureStoreAndKept() throws Exception {
    var key = TestSigner.gpgKey("ours");
    Files.write(folder.resolve("ours.gpg"), TestSigner.certificate(key));
    policy(
        "policy.json",
        "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"%s\"}"
            .formatted(folder.resolve("ours.gpg")));
    stores("lookaside: " + folder.resolve("sigs").toUri().toString().replaceAll("/$", ""));
    assertRefused(() -> store.pull(NAME), "it has no signature");

    var other = TestSigner.gpgKey("theirs");
    place(TestSigner.simple(other, image.digest(), NAME), image.digest(), 1);
    assertRefused(() -> store.pull(NAME), NAME);
    place(TestSigner.simple(key, image.digest(), "reg.test/other:v1"), image.digest(), 2);
    assertRefused(() -> store.pull(NAME), "reg.test/other:v1");
    place(TestSigner.simple(key, Digest.ofSha256(new byte[0]), NAME), image.digest(), 3);
    assertRefused(() -> store.pull(NAME), "signature is for manifest");
    assertThat(registry.seen()).noneMatch(seen -> seen.path().contains(layer(image)));

    place(TestSigner.simple(key, image.digest(), NAME), image.digest(), 4);
    store.pull(NAME);
    admit("");
    store.images().close();
    store.open();
    admit("");
    Files.write(folder.resolve("ours.gpg"), TestSigner.certificate(TestSigner.gpgKey("new")));
    assertRefused(() -> admit(""), NAME);
  }

  private static String layer(TestImage image) {
    return image.blobs().keySet().stream().reduce((_, last) -> last).orElseThrow().toString();
  }

  @Test
  void signaturesOfSigstoreAreAttachedToTheImage() throws Exception {
    var key = TestSigner.ecKey();
    wantSigstore(key);
    attach(TestSigner.sigstore(key, image.digest(), NAME), image.digest());
    assertRefused(() -> store.pull(NAME), "it has no signature");

    stores("use-sigstore-attachments: true");
    store.pull(NAME);
    admit("");
  }

  @Test
  void toSignAnIndexIsToSignItsImages() throws Exception {
    var key = TestSigner.ecKey();
    wantSigstore(key);
    stores("use-sigstore-attachments: true");
    var index = image.index("amd64");
    registry.manifest("app", "v1", index, TestImage.INDEX);
    assertRefused(() -> store.pull(NAME), "it has no signature");

    attach(TestSigner.sigstore(key, Digest.ofSha256(index), NAME), Digest.ofSha256(index));
    store.pull(NAME);
    admit("");
  }

  private void wantSigstore(KeyPair key) throws Exception {
    var pem = TestSigner.pem(key).getBytes(StandardCharsets.UTF_8);
    policy(
        "policy.json",
        "{\"type\": \"sigstoreSigned\", \"keyData\": \"%s\"}"
            .formatted(Base64.getEncoder().encodeToString(pem)));
  }

  private void attach(Signature.Sigstore signature, Digest manifest) {
    var config = "{}".getBytes(StandardCharsets.UTF_8);
    var payload = Digest.ofSha256(signature.payload());
    var annotations = new StringBuilder();
    signature
        .annotations()
        .forEach((name, value) ->
            annotations
                .append(annotations.isEmpty() ? "" : ",")
                .append("\"%s\": \"%s\"".formatted(name, value)));
    registry
        .blob("app", Digest.ofSha256(config), config)
        .blob("app", payload, signature.payload())
        .manifest(
            "app",
            "sha256-" + manifest.hex() + ".sig",
            TestImage.utf8(
                """
                {"schemaVersion": 2, "mediaType": "%s",
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": 2},
                "layers": [{"mediaType": "%s", "digest": "%s", "size": %d, "annotations": {%s}}]}\
                """
                    .formatted(
                        TestImage.MANIFEST,
                        Digest.ofSha256(config),
                        signature.mediaType(),
                        payload,
                        signature.payload().length,
                        annotations)),
            TestImage.MANIFEST);
  }

  @Test
  void signatureStoresThatFailMatterOnlyWhenASignatureIsWanted() throws Exception {
    stores("lookaside: http://" + registry.host() + "/broken");
    registry.fault(exchange -> {
      var broken = exchange.getRequestURI().getPath().startsWith("/broken");
      if (broken) {
        exchange.sendResponseHeaders(500, -1);
      }
      return broken;
    });
    store.pull(NAME);
    wantSigstore(TestSigner.ecKey());
    assertThatThrownBy(() -> store.pull(NAME)).hasMessageContaining("500");
    registry.noMoreFaults();
    assertRefused(() -> store.pull(NAME), "it has no signature");
  }

  @Test
  void aMirrorWithoutSignaturesIsFollowedByTheRegistry() throws Exception {
    var key = TestSigner.ecKey();
    wantSigstore(key);
    stores("use-sigstore-attachments: true");
    mirror.image("app", "v1", image);
    attach(TestSigner.sigstore(key, image.digest(), "mirrored.test/app:v1"), image.digest());

    assertThat(store.pull("mirrored.test/app:v1").digest()).isEqualTo(image.id().toString());
  }
}
