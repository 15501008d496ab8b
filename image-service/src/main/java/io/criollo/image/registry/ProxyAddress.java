// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A proxy as an environment variable has it, `[http://][USER:PASSWORD@]HOST[:PORT]`. Never printed
/// with its password.
///
/// @param secret for whom it lets through
record ProxyAddress(InetSocketAddress address, Optional<Secret.Password> secret) {
  private static final int HTTP = 80;

  /// {@return the proxy that a variable names}
  ///
  /// @throws ImageException MISCONFIGURED when it names none that can be used
  static ProxyAddress parse(String variable, String text) throws ImageException {
    URI uri;
    try {
      uri = URI.create(text.contains("://") ? text : "http://" + text);
    } catch (IllegalArgumentException e) {
      throw wrong(variable, "is not a URL"); // whose text may have a password
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw wrong(variable, "has scheme " + uri.getScheme());
    }
    if (uri.getHost() == null) {
      throw wrong(variable, "has no host name that is one");
    }
    var port = uri.getPort() < 0 ? HTTP : uri.getPort();
    if (port == 0 || port > 0xffff) {
      throw wrong(variable, "has port " + port);
    }
    return new ProxyAddress(
        InetSocketAddress.createUnresolved(uri.getHost(), port), secret(variable, uri));
  }

  private static Optional<Secret.Password> secret(String variable, URI uri) throws ImageException {
    var user = uri.getRawUserInfo();
    if (user == null) {
      return Optional.empty();
    }
    var colon = user.indexOf(':');
    var name = decoded(colon < 0 ? user : user.substring(0, colon));
    var password = colon < 0 ? "" : decoded(user.substring(colon + 1));
    if ((name + password).chars().anyMatch(Character::isISOControl)) {
      throw wrong(variable, "has a control character in its user or password");
    }
    return Optional.of(new Secret.Password(name, password));
  }

  /// A plus sign is itself here, other than in a query.
  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static ImageException wrong(String variable, String why) {
    return new ImageException(
        Kind.MISCONFIGURED,
        "environment variable %s %s: it must be http://[USER:PASSWORD@]HOST[:PORT]"
            .formatted(variable, why));
  }
}
