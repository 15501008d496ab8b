// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Checked credentials in the form that a registry takes. Never printed.
sealed interface Secret {

  /// A user and a password, for basic authentication and for a token service.
  record Password(String username, String password) implements Secret {
    String basic() {
      var both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "Password[redacted]";
    }
  }

  /// A refresh token that a token service exchanges for a registry token.
  record Identity(String token) implements Secret {
    @Override
    public String toString() {
      return "Identity[redacted]";
    }
  }

  /// A token that is sent to the registry as it is.
  record Bearer(String token) implements Secret {
    @Override
    public String toString() {
      return "Bearer[redacted]";
    }
  }

  /// {@return the secret of CRI credentials}, empty when all fields are unset
  static Optional<Secret> of(Credentials credentials) throws ImageException {
    if (!credentials.registryToken().isEmpty()) {
      return Optional.of(new Bearer(printable("registry token", credentials.registryToken())));
    }
    if (!credentials.identityToken().isEmpty()) {
      return Optional.of(new Identity(printable("identity token", credentials.identityToken())));
    }
    var named = !credentials.username().isEmpty() || !credentials.password().isEmpty();
    var given = new Password(credentials.username(), credentials.password());
    if (credentials.auth().isEmpty()) {
      return named ? Optional.of(checked(given)) : Optional.empty();
    }
    var encoded = decode(credentials.auth());
    if (named && !encoded.equals(given)) {
      throw invalid("\"auth\" and user name with password are both given and differ");
    }
    return Optional.of(encoded);
  }

  /// {@return the user and password in a base64 `user:password`}
  static Password decode(String auth) throws ImageException {
    try {
      var text = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
      var colon = text.indexOf(':');
      if (colon < 0) {
        throw invalid("\"auth\" has no user and password");
      }
      var end = text.indexOf('\0') < 0 ? text.length() : text.indexOf('\0');
      return checked(new Password(text.substring(0, colon), text.substring(colon + 1, end)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ImageException(
          Kind.INVALID_CREDENTIALS, "credentials: \"auth\" is not base64 of user:password", e);
    }
  }

  private static Password checked(Password password) throws ImageException {
    for (var part : new String[] {password.username(), password.password()}) {
      if (part.chars().anyMatch(Character::isISOControl)) {
        throw invalid("user name or password has a control character");
      }
    }
    return password;
  }

  private static String printable(String what, String token) throws ImageException {
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw invalid(what + " has a character that no header can carry");
    }
    return token;
  }

  private static ImageException invalid(String why) {
    return new ImageException(Kind.INVALID_CREDENTIALS, "credentials: " + why);
  }
}
