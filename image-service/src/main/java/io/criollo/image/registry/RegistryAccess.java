// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The way to all registries: owns the connections. Thread-safe; closed by the image store's owner.
public final class RegistryAccess implements AutoCloseable {
  private final Transport transport;
  private final List<Path> certificates;

  /// @param certificates folders with one folder for each registry, as `/etc/containers/certs.d`
  /// @throws ImageException MISCONFIGURED when the environment names a proxy that is none
  public RegistryAccess(Timeouts timeouts, List<Path> certificates) throws ImageException {
    this(timeouts, certificates, new EnvironmentProxies(System.getenv()));
  }

  RegistryAccess(Timeouts timeouts, List<Path> certificates, EnvironmentProxies proxies) {
    this.transport = new Transport(timeouts, proxies);
    this.certificates = List.copyOf(certificates);
  }

  /// {@return a client for one place}
  ///
  /// Credentials of the request go to the registry that was asked for, and to a mirror only when
  /// they name it; otherwise those of the first auth file that knows the place are used.
  public RegistryClient client(
      Source source, Optional<Credentials> ofRequest, List<AuthFile> authFiles)
      throws ImageException, InterruptedException {
    var own = Certificates.of(source.reference().domain(), certificates);
    var route = transport.route(source, own.and(source.manner().certificates()));
    var authorizer = new Authorizer(transport, route, secret(source, ofRequest, authFiles));
    return new RegistryClient(transport, route, authorizer);
  }

  private static Optional<Secret> secret(
      Source source, Optional<Credentials> ofRequest, List<AuthFile> authFiles)
      throws ImageException, InterruptedException {
    if (ofRequest.isPresent()) {
      var secret = Secret.of(ofRequest.get());
      if (secret.isPresent() && meant(ofRequest.get(), source)) {
        return secret;
      }
    }
    for (var file : authFiles) {
      var found = file.find(source.reference());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean meant(Credentials credentials, Source source) {
    var address = AuthFile.bare(credentials.serverAddress());
    if (address.isEmpty()) {
      return !source.mirror();
    }
    var host = address.indexOf('/') < 0 ? address : address.substring(0, address.indexOf('/'));
    return host.equals(source.host())
        || host.equals(source.reference().domain())
        || (host.equals("index.docker.io") && source.reference().domain().equals("docker.io"));
  }

  @Override
  public void close() {
    transport.close();
  }
}
