// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// For which containers a hook is. The expressions have Go's syntax, as everywhere such files are
/// read, and take linear time, whatever a pod writes into its annotations.
///
/// @param any whether one condition that holds is enough; else all that are given must hold
record HookCondition(
    @Nullable Boolean always,
    @Nullable Boolean hasBindMounts,
    Map<Pattern, Pattern> annotations,
    List<Pattern> commands,
    boolean any) {
  /// @throws IllegalArgumentException for an expression that is none
  static HookCondition of(
      @Nullable Boolean always,
      @Nullable Boolean hasBindMounts,
      @Nullable Map<String, String> annotations,
      @Nullable List<String> commands,
      boolean any) {
    var compiled = new TreeMap<Pattern, Pattern>((a, b) -> a.pattern().compareTo(b.pattern()));
    if (annotations != null) {
      annotations.forEach((key, value) ->
          compiled.put(compile("annotations", key), compile("annotations", String.valueOf(value))));
    }
    var words = commands == null ? List.<String>of() : commands;
    return new HookCondition(
        always,
        hasBindMounts,
        compiled,
        words.stream().map(word -> compile("commands", String.valueOf(word))).toList(),
        any);
  }

  private static Pattern compile(String field, String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          field + " " + expression + " is no regular expression: " + e.getDescription(), e);
    }
  }

  /// A hook without any condition is for no container.
  boolean holds(HookSubject subject) {
    var given = new ArrayList<Boolean>();
    if (always != null) {
      given.add(always);
    }
    if (hasBindMounts != null) {
      given.add(hasBindMounts && subject.bindMounts());
    }
    annotations.forEach((key, value) -> given.add(annotated(subject, key, value)));
    if (!commands.isEmpty()) {
      given.add(commands.stream().anyMatch(command -> found(command, subject.command())));
    }
    return any ? given.contains(true) : !given.isEmpty() && !given.contains(false);
  }

  private static boolean annotated(HookSubject subject, Pattern key, Pattern value) {
    return subject.annotations().entrySet().stream()
        .anyMatch(entry -> found(key, entry.getKey()) && found(value, entry.getValue()));
  }

  private static boolean found(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }
}
