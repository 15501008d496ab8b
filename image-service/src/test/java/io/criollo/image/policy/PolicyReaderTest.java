// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.policy.Requirement.AcceptAnything;
import io.criollo.image.policy.Requirement.Reject;
import io.criollo.image.policy.Requirement.SignedBy;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @TempDir Path folder;

  private static Policy read(String json) throws ImageException {
    return PolicyReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String chosen(Policy policy, String image) throws ImageException {
    return ((SignedBy) policy.of(ImageReference.parse(image).byDigestOrTag()).getFirst())
        .keys()
        .paths()
        .getFirst()
        .toString();
  }

  private static String scope(String name) {
    return "'%s': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyPath': '/%s'}]"
        .formatted(name, name.replaceAll("[^a-z0-9]+", "-"));
  }

  @Test
  void theScopeThatFitsBestDecides() throws ImageException {
    var scopes =
        List.of(
            "reg.example.com/team/app:v1",
            "reg.example.com/team/app@" + DIGEST,
            "reg.example.com/team/app",
            "reg.example.com/team",
            "reg.example.com",
            "reg.example.com:5000",
            "*.example.com",
            "*.com",
            "docker.io/library/busybox",
            "");
    var policy =
        read(
            "{'default': [{'type': 'reject'}], 'transports': {'docker': {%s}, 'atomic': {'': [{'type': 'reject'}]}}}"
                .formatted(
                    String.join(",", scopes.stream().map(PolicyReaderTest::scope).toList())));

    assertThat(chosen(policy, "reg.example.com/team/app:v1"))
        .isEqualTo("/reg-example-com-team-app-v1");
    assertThat(chosen(policy, "reg.example.com/team/app:v1@" + DIGEST))
        .startsWith("/reg-example-com-team-app-sha256");
    assertThat(chosen(policy, "reg.example.com/team/app:v2"))
        .isEqualTo("/reg-example-com-team-app");
    assertThat(chosen(policy, "reg.example.com/team/apple:v2")).isEqualTo("/reg-example-com-team");
    assertThat(chosen(policy, "reg.example.com/teams/app")).isEqualTo("/reg-example-com");
    assertThat(chosen(policy, "reg.example.com:5000/a")).isEqualTo("/reg-example-com-5000");
    assertThat(chosen(policy, "reg.example.com:5001/a")).isEqualTo("/-example-com");
    assertThat(chosen(policy, "a.b.example.com/a")).isEqualTo("/-example-com");
    assertThat(chosen(policy, "example.com/a")).isEqualTo("/-com");
    assertThat(chosen(policy, "busybox")).isEqualTo("/docker-io-library-busybox");
    assertThat(chosen(policy, "quay.io/a")).isEqualTo("/");
  }

  @Test
  void withoutAFittingScopeTheDefaultDecides() throws ImageException {
    var policy =
        read(
            "{'default': [{'type': 'reject'}], 'transports': {'docker': {'a.example': [{'type':"
                + " 'insecureAcceptAnything'}]}}}");

    assertThat(policy.of(ImageReference.parse("a.example/x")))
        .containsExactly(new AcceptAnything());
    assertThat(policy.of(ImageReference.parse("b.example/x"))).containsExactly(new Reject());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'default': []}",
        "{'default': [{}]}",
        "{'default': [{'type': 'accept'}]}",
        "{'default': [{'type': 'reject', 'why': 'x'}]}",
        "{'default': [{'type': 'reject'}], 'default': [{'type': 'insecureAcceptAnything'}]}",
        "{'default': [{'type': 'reject'}], 'transport': {}}",
        "{'default': [{'type': 'reject'}], 'transports': {'docker': {'a.example/UPPER': [{'type':"
            + " 'reject'}]}}}",
        "{'default': [{'type': 'reject'}], 'transports': {'docker': {'busybox': [{'type':"
            + " 'reject'}]}}}",
        "{'default': [{'type': 'reject'}], 'transports': {'docker': {'a.example': []}}}",
        "{'default': [{'type': 'signedBaseLayer'}]}",
        "{'default': [{'type': 'signedBaseLayer', 'baseLayerIdentity': {'type': 'none'}}]}",
        "{'default': [{'type': 'signedBaseLayer', 'baseLayerIdentity': {'type': 'matchExact'}, 'keyPath': '/k'}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys'}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'X', 'keyPath': '/a'}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyPath': '/a', 'keyData':"
            + " 'AA=='}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyData': '*'}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyPath': '/a', 'signedIdentity':"
            + " {'type': 'x'}}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyPath': '/a', 'signedIdentity':"
            + " {'type': 'matchExact', 'dockerReference': 'x'}}]}",
        "{'default': [{'type': 'signedBy', 'keyType': 'GPGKeys', 'keyPath': '/a', 'signedIdentity':"
            + " {'type': 'exactReference'}}]}",
        "{'default': [{'type': 'sigstoreSigned'}]}",
        "{'default': [{'type': 'sigstoreSigned', 'keyPath': '/a', 'pki': {'caRootsPath': '/a',"
            + " 'subjectEmail': 'x'}}]}",
        "{'default': [{'type': 'sigstoreSigned', 'fulcio': {'caPath': '/a', 'oidcIssuer': 'x',"
            + " 'subjectEmail': 'y'}}]}",
        "{'default': [{'type': 'sigstoreSigned', 'pki': {'caRootsPath': '/a'}}]}",
        "{'default': [{'type': 'reject'}]} x",
      })
  void whatIsNotUnderstoodIsRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(ImageException.class);
  }

  /// As with containers/image, which knows the condition and meets it never.
  @Test
  void aPolicyMayWantASignedBaseLayerButNoImageHasOne() throws Exception {
    var policy =
        read(
            """
            {'default': [{'type': 'insecureAcceptAnything'}], 'transports': {'docker': {'reg.test':
              [{'type': 'insecureAcceptAnything'},
               {'type': 'signedBaseLayer', 'baseLayerIdentity': {'type': 'matchRepository'}}]}}}
            """);
    var wanted = Admission.of(policy, ImageReference.parse("reg.test/app:v1"));

    assertThat(wanted.wantsSignatures()).isFalse();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            wanted::refuseHopeless, () -> wanted.check(Set.of(), List.of()))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SIGNATURE))
          .hasMessageContainingAll("reg.test/app:v1", "signedBaseLayer");
    }
    Admission.of(policy, ImageReference.parse("other.test/app:v1")).refuseHopeless();
  }

  @Test
  void aNamespaceMayHaveAPolicyOfItsOwn() throws Exception {
    var usual = folder.resolve("policy.json");
    var own = Files.createDirectory(folder.resolve("policies"));
    var files = new PolicyFiles(usual, Optional.empty(), Optional.of(own));
    assertThat(files.of("team")).isSameAs(Policy.NONE);

    Files.writeString(usual, "{\"default\": [{\"type\": \"reject\"}]}");
    Files.writeString(
        own.resolve("team.json"), "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    assertThat(files.of("").fallback()).containsExactly(new Reject());
    assertThat(files.of("../policies/team").fallback()).containsExactly(new Reject());
    assertThat(files.of("team").fallback()).containsExactly(new AcceptAnything());

    Files.writeString(own.resolve("team.json"), "{");
    assertThatThrownBy(() -> files.of("team"))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
        .hasMessageContaining("team.json");
  }

  @Test
  void aNamedPolicyMustBeThere() {
    var files =
        new PolicyFiles(folder, Optional.of(folder.resolve("missing.json")), Optional.empty());
    assertThatThrownBy(() -> files.of(""))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
        .hasMessageContaining("missing.json");
  }
}
