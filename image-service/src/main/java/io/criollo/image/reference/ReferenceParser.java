// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import io.criollo.image.reference.ImageException.Kind;
import java.util.Locale;
import java.util.Optional;

/// Reads `[domain/]path[:tag][@digest]` by hand, in linear time and with an error that says what is
/// wrong. The grammar is that of github.com/distribution/reference.
final class ReferenceParser {
  private static final int LONGEST_TEXT = 1024;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_TAG = 128;

  private final String text;

  private ReferenceParser(String text) {
    this.text = text;
  }

  static ParsedName parse(String text) throws ImageException {
    return new ReferenceParser(text).read();
  }

  private ParsedName read() throws ImageException {
    if (text.isEmpty()) {
      throw wrong("it is empty");
    }
    if (text.length() > LONGEST_TEXT) {
      throw wrong("it is longer than " + LONGEST_TEXT + " characters");
    }
    var at = text.indexOf('@');
    var digest = at < 0 ? Optional.<Digest>empty() : Optional.of(digest(text.substring(at + 1)));
    var named = at < 0 ? text : text.substring(0, at);
    var colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    var tag = colon < 0 ? Optional.<String>empty() : Optional.of(tag(named.substring(colon + 1)));
    var name = colon < 0 ? named : named.substring(0, colon);
    return withDomain(name, tag, digest);
  }

  private ParsedName withDomain(String name, Optional<String> tag, Optional<Digest> digest)
      throws ImageException {
    if (name.length() > LONGEST_NAME) {
      throw wrong("the repository name is longer than " + LONGEST_NAME + " characters");
    }
    var slash = name.indexOf('/');
    if (slash < 0 || !isDomain(name.substring(0, slash))) {
      if (isBareId(name)) {
        throw wrong("64 hexadecimal digits are an image id, not a name");
      }
      return new ParsedName(Optional.empty(), path(name), tag, digest);
    }
    var domain = domain(name.substring(0, slash));
    return new ParsedName(Optional.of(domain), path(name.substring(slash + 1)), tag, digest);
  }

  private static boolean isDomain(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.toLowerCase(Locale.ROOT).equals(first);
  }

  private static boolean isBareId(String name) {
    return name.length() == 64 && name.chars().allMatch(c -> isDigit(c) || (c >= 'a' && c <= 'f'));
  }

  private Digest digest(String written) throws ImageException {
    try {
      return Digest.parse(written);
    } catch (ImageException e) {
      throw new ImageException(
          Kind.INVALID_REFERENCE, "image name " + shown() + " is invalid: " + e.getMessage(), e);
    }
  }

  private String tag(String tag) throws ImageException {
    var good =
        !tag.isEmpty()
            && tag.length() <= LONGEST_TAG
            && isWord(tag.charAt(0))
            && tag.chars().allMatch(c -> isWord(c) || c == '.' || c == '-');
    if (!good) {
      throw wrong(
          "a tag is 1 to 128 letters, digits, '_', '.' and '-', not starting with the last two");
    }
    return tag;
  }

  private String domain(String domain) throws ImageException {
    var bracket = domain.startsWith("[") ? domain.indexOf(']') : -1;
    var colon = domain.indexOf(':', bracket + 1);
    var host = colon < 0 ? domain : domain.substring(0, colon);
    if (colon >= 0 && !isPort(domain.substring(colon + 1))) {
      throw wrong("the registry's port is not a number of at most 65535");
    }
    if (bracket >= 0 ? !isIpv6(host) : !isHost(host)) {
      throw wrong("the registry's host name is not valid");
    }
    return domain.equals("index.docker.io") ? ImageReference.DOCKER : domain;
  }

  private static boolean isPort(String port) {
    return !port.isEmpty()
        && port.length() <= 5
        && port.chars().allMatch(ReferenceParser::isDigit)
        && Integer.parseInt(port) <= 65535;
  }

  private static boolean isIpv6(String host) {
    var inner =
        host.length() < 4 || !host.endsWith("]") ? "" : host.substring(1, host.length() - 1);
    return !inner.isEmpty()
        && inner.chars().allMatch(c -> isDigit(c) || c == ':' || c == '.' || isHexLetter(c));
  }

  private static boolean isHost(String host) {
    for (var label : host.split("\\.", -1)) {
      var good =
          !label.isEmpty()
              && !label.startsWith("-")
              && !label.endsWith("-")
              && label.chars().allMatch(c -> isDigit(c) || isLetter(c) || c == '-');
      if (!good) {
        return false;
      }
    }
    return true;
  }

  private String path(String path) throws ImageException {
    for (var component : path.split("/", -1)) {
      if (component.isEmpty()) {
        throw wrong("a part of the repository name is empty");
      }
      if (component.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
        throw wrong("the repository name must be lower case");
      }
      if (!isComponent(component)) {
        throw wrong(
            "a part of the repository name is not lower case letters and digits,"
                + " single '.', one or two '_' or dashes between them");
      }
    }
    return path;
  }

  private static boolean isComponent(String part) {
    var separator = 0;
    for (int i = 0; i < part.length(); i++) {
      var c = part.charAt(i);
      if (isDigit(c) || (c >= 'a' && c <= 'z')) {
        if (separator > 0 && !isSeparator(part.substring(i - separator, i))) {
          return false;
        }
        separator = 0;
      } else if (i == 0) {
        return false;
      } else {
        separator++;
      }
    }
    return separator == 0;
  }

  private static boolean isSeparator(String between) {
    return between.equals(".")
        || between.equals("_")
        || between.equals("__")
        || between.chars().allMatch(c -> c == '-');
  }

  private static boolean isWord(int c) {
    return isDigit(c) || isLetter(c) || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isHexLetter(int c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private ImageException wrong(String why) {
    return new ImageException(
        Kind.INVALID_REFERENCE, "image name " + shown() + " is invalid: " + why);
  }

  private String shown() {
    var shown = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
