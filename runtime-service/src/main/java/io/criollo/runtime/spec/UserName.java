// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Optional;
import java.util.regex.Pattern;

/// `user[:group]`, each a name or a number. What looks like a number is one, or is refused: taken
/// for a name it could stand for another user (CVE-2024-40635).
record UserName(String user, Optional<String> group) {
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");
  private static final int LONGEST = 256;

  /// @param text empty: root
  static UserName parse(String field, String text) {
    Check.noControlCharacters(field, text);
    Check.that(text.length() <= LONGEST, field, text, "must be at most " + LONGEST + " long");
    int colon = text.indexOf(':');
    var user = colon < 0 ? text : text.substring(0, colon);
    var group = colon < 0 ? "" : text.substring(colon + 1);
    return new UserName(
        checked(field, user.isEmpty() ? "0" : user),
        Optional.of(group).filter(name -> !name.isEmpty()).map(name -> checked(field, name)));
  }

  static UserName withoutGroup(String field, String text) {
    Check.that(text.indexOf(':') < 0, field, text, "must not name a group");
    return parse(field, text);
  }

  Optional<Integer> userId() {
    return id(user);
  }

  Optional<Integer> groupId() {
    return group.flatMap(UserName::id);
  }

  private static String checked(String field, String name) {
    if (NUMBER.matcher(name).matches()) {
      Check.that(isId(name), field, name, "must be 0 to " + Integer.MAX_VALUE + " as a number");
    }
    return name;
  }

  private static Optional<Integer> id(String name) {
    return NUMBER.matcher(name).matches() ? Optional.of(Integer.parseInt(name)) : Optional.empty();
  }

  private static boolean isId(String number) {
    try {
      return Integer.parseInt(number) >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
