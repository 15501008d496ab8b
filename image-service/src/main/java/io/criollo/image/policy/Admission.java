// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Requirement.AcceptAnything;
import io.criollo.image.policy.Requirement.Reject;
import io.criollo.image.policy.Requirement.SignedBaseLayer;
import io.criollo.image.policy.Requirement.SignedBy;
import io.criollo.image.policy.Requirement.SigstoreSigned;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Decides whether a policy lets an image in under a name: all requirements must be met, and one
/// good signature is enough for each.
public record Admission(ImageReference image, List<Requirement> requirements) {

  /// {@return the decision on a name}
  public static Admission of(Policy policy, ImageReference image) {
    return new Admission(image.byDigestOrTag(), policy.of(image));
  }

  public boolean wantsSignatures() {
    return requirements.stream().anyMatch(Requirement::wantsSignatures);
  }

  /// Refuses what no signature can help.
  public void refuseHopeless() throws ImageException {
    if (requirements.stream().anyMatch(Reject.class::isInstance)) {
      throw ImageException.signature(image + " is rejected by the signature policy");
    }
    if (requirements.stream().anyMatch(SignedBaseLayer.class::isInstance)) {
      throw ImageException.signature(
          image
              + " is rejected: the signature policy wants signedBaseLayer, which nothing can meet");
    }
  }

  /// Refuses an image that does not meet all requirements.
  ///
  /// @param manifests digests of the image's manifest and of indexes that lead to it: to sign one
  ///   of them is to sign the image
  public void check(Set<Digest> manifests, Collection<Signature> signatures) throws ImageException {
    refuseHopeless();
    for (var requirement : requirements) {
      switch (requirement) {
        case AcceptAnything _, Reject _, SignedBaseLayer _ -> {}
        case SignedBy(var keys, var identity) ->
            oneOf(signatures, manifests, new SimpleSigning(keys.read()), identity);
        case SigstoreSigned(var trust, var identity) ->
            oneOf(signatures, manifests, trust.prepare(), identity);
      }
    }
  }

  /// Knows good signatures of one kind.
  interface Verifier {
    /// {@return what a signature says}
    ///
    /// @throws ImageException when it is of another kind, or not by one of those who are trusted
    Claim verify(Signature signature) throws ImageException;
  }

  private void oneOf(
      Collection<Signature> signatures, Set<Digest> manifests, Verifier verifier, Identity identity)
      throws ImageException {
    var reasons = new LinkedHashSet<String>();
    for (var signature : signatures) {
      try {
        var claim = verifier.verify(signature);
        if (!manifests.contains(claim.manifest())) {
          reasons.add("signature is for manifest " + claim.manifest());
        } else if (!identity.accepts(image, claim.reference())) {
          reasons.add("signature is for the name \"" + claim.reference() + '"');
        } else {
          return;
        }
      } catch (ImageException e) {
        if (e.kind() == Kind.MISCONFIGURED) {
          throw e;
        }
        reasons.add(e.getMessage());
      }
    }
    var why = reasons.isEmpty() ? "it has no signature" : String.join("; ", reasons);
    throw ImageException.signature(image + " is not signed as the signature policy wants: " + why);
  }
}
