// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// What an option's value may be. Values are kept as lists of texts, a single one as a list of one,
/// or of none while it is not set; an empty text unsets it.
enum Kind {
  TEXT("TEXT", "a text", false, false),
  NUMBER("N", "a whole number", false, false),
  /// `true` or `false`; on the command line the flag alone means `true`.
  SWITCH("", "true or false", false, false),
  PATH("PATH", "an absolute path", false, true),
  /// A path that may stand after `unix://`, as kubelets write it.
  SOCKET("PATH", "an absolute path", false, true),
  TEXTS("TEXT,…", "a list of texts", true, false),
  PATHS("PATH,…", "a list of absolute paths", true, true);

  private static final String TRUE = "true";
  private static final String FALSE = "false";

  private final String placeholder;
  private final String description;
  private final boolean list;
  private final boolean path;

  Kind(String placeholder, String description, boolean list, boolean path) {
    this.placeholder = placeholder;
    this.description = description;
    this.list = list;
    this.path = path;
  }

  String placeholder() {
    return placeholder;
  }

  boolean isList() {
    return list;
  }

  /// {@return the value in a TOML file}
  ///
  /// @throws IllegalArgumentException when it is of another kind
  List<String> read(JsonNode node) {
    if (!list) {
      return single(text(node));
    }
    if (!node.isArray()) {
      throw wrong(node.toString());
    }
    var texts = new ArrayList<String>();
    node.forEach(element -> texts.add(text(element)));
    return List.copyOf(texts);
  }

  /// {@return the value on the command line} Lists are separated by commas, paths also by colons.
  ///
  /// @throws IllegalArgumentException when it is of another kind
  List<String> parse(String argument) {
    if (!list) {
      return single(checked(argument));
    }
    return Arrays.stream(argument.split(path ? "[,:]" : ","))
        .filter(text -> !text.isEmpty())
        .map(this::checked)
        .toList();
  }

  /// {@return the value as TOML}
  String toml(List<String> value) {
    if (this == SWITCH) {
      return value.isEmpty() ? FALSE : value.getFirst();
    }
    if (this == NUMBER && !value.isEmpty()) {
      return value.getFirst();
    }
    if (!list) {
      return Toml.quoted(value.isEmpty() ? "" : value.getFirst());
    }
    if (value.size() < 4) {
      return value.stream().map(Toml::quoted).collect(Collectors.joining(", ", "[", "]"));
    }
    return value.stream()
        .map(text -> "  " + Toml.quoted(text) + ",\n")
        .collect(Collectors.joining("", "[\n", "]"));
  }

  private static List<String> single(String text) {
    return text.isEmpty() ? List.of() : List.of(text);
  }

  private String text(JsonNode node) {
    if (this == SWITCH && node.isBoolean()) {
      return node.asText();
    }
    if (this == NUMBER && node.isIntegralNumber()) {
      return checked(node.asText());
    }
    if (this == SWITCH || this == NUMBER || !node.isTextual()) {
      throw wrong(node.toString());
    }
    return checked(node.textValue());
  }

  private String checked(String given) {
    var text = this == SOCKET && given.startsWith("unix://") ? given.substring(7) : given;
    if (text.indexOf('\0') >= 0) {
      throw wrong(Toml.quoted(text));
    }
    if (this == SWITCH && !text.equals(TRUE) && !text.equals(FALSE)) {
      throw wrong(Toml.quoted(text));
    }
    if (this == NUMBER && !text.isEmpty() && !text.matches("-?[0-9]{1,18}")) {
      throw wrong(Toml.quoted(text));
    }
    if (path && !text.isEmpty() && !Path.of(text).isAbsolute()) {
      throw wrong(Toml.quoted(text));
    }
    return text;
  }

  private IllegalArgumentException wrong(String value) {
    return new IllegalArgumentException("must be " + description + ", is " + value);
  }
}
