// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

/// Credentials as the CRI hands them over (`AuthConfig`), an empty text meaning unset. Never
/// printed.
public record Credentials(
    String username,
    String password,
    String auth,
    String serverAddress,
    String identityToken,
    String registryToken) {

  /// {@return credentials of a user and a password}
  public static Credentials ofPassword(String username, String password) {
    return new Credentials(username, password, "", "", "", "");
  }

  @Override
  public String toString() {
    return "Credentials[redacted]";
  }
}
