// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import java.util.List;

/// An operating system and processor as OCI writes them (Go's names); an empty variant means any.
public record Platform(String os, String architecture, String variant) {

  /// {@return the platform of this machine}
  public static Platform host() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> new Platform("linux", "amd64", "");
      case "aarch64" -> new Platform("linux", "arm64", "v8");
      case "arm" -> new Platform("linux", "arm", "v7");
      case String other -> new Platform("linux", other, "");
    };
  }

  /// {@return how well an image for `other` runs here: 0 is best, -1 not at all}
  int rank(Platform other) {
    if (!os.equals(other.os) || !architecture.equals(other.architecture)) {
      return -1;
    }
    return variants().indexOf(other.variant);
  }

  /// The variants that run on this one, best first.
  private List<String> variants() {
    return switch (architecture + "/" + variant) {
      case "arm64/", "arm64/v8" -> List.of("v8", "");
      case "arm/v7" -> List.of("v7", "v6", "v5", "");
      case "arm/v6" -> List.of("v6", "v5", "");
      case "amd64/" -> List.of("", "v1");
      default -> variant.isEmpty() ? List.of("") : List.of(variant, "");
    };
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
