// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

/// One condition of a policy (containers-policy.json(5)); an image must meet all that are listed
/// for its name.
public sealed interface Requirement {

  /// Anybody's image will do.
  record AcceptAnything() implements Requirement {}

  /// No image will do.
  record Reject() implements Requirement {}

  /// A GPG signature ("simple signing") by one of some keys.
  record SignedBy(KeyFiles keys, Identity identity) implements Requirement {}

  /// A sigstore signature.
  record SigstoreSigned(SigstoreTrust trust, Identity identity) implements Requirement {}

  /// A signature of the lowest layer: known to policies, but no program can check it, and so no
  /// image will do, as with CRI-O.
  record SignedBaseLayer(Identity identity) implements Requirement {}

  /// {@return whether it takes signatures to meet it}
  default boolean wantsSignatures() {
    return switch (this) {
      case AcceptAnything _, Reject _, SignedBaseLayer _ -> false;
      case SignedBy _, SigstoreSigned _ -> true;
    };
  }
}
