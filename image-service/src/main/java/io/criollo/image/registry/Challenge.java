// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1); scheme and parameter
/// names in lower case.
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int LONGEST = 8192;
  private static final int MOST = 16;

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /// {@return the challenges of a header}; what cannot be read ends the list
  static List<Challenge> parse(String header) {
    return header.length() > LONGEST ? List.of() : new Reader(header).read();
  }

  private static final class Reader {
    private final String text;
    private int at;
    private final List<Challenge> found = new ArrayList<>();

    Reader(String text) {
      this.text = text;
    }

    List<Challenge> read() {
      while (found.size() < MOST) {
        skip(", \t");
        var word = token();
        if (word.isEmpty()) {
          break;
        }
        skip(" \t");
        if (!peek('=')) {
          found.add(new Challenge(word, new LinkedHashMap<>()));
        } else if (!found.isEmpty()) {
          at++;
          skip(" \t");
          found.getLast().parameters.putIfAbsent(word, peek('"') ? quoted() : value());
        } else {
          break;
        }
      }
      return found;
    }

    private boolean peek(char c) {
      return at < text.length() && text.charAt(at) == c;
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      return value().toLowerCase(Locale.ROOT);
    }

    private String value() {
      var start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String quoted() {
      var value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at = Math.min(at + 1, text.length());
      return value.toString();
    }
  }
}
