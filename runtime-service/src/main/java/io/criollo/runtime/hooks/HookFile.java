// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.hooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One file of oci-hooks(5), of version 1.0.0 or 0.1.0.
///
/// @param path of the file
/// @param stages of the OCI document, each as often as the file names it
public record HookFile(
    Path path, HookProgram program, HookCondition condition, List<String> stages) {
  /// Stages of a container's life (OCI runtime specification, "POSIX-platform Hooks").
  public static final Set<String> STAGES =
      Set.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");

  private static final int LARGEST = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build());
  }

  /// The file as version 1.0.0 has it.
  record Current(@Nullable HookProgram hook, @Nullable When when, @Nullable List<String> stages) {
    record When(
        @Nullable Boolean always,
        @Nullable Boolean hasBindMounts,
        @Nullable Map<String, String> annotations,
        @Nullable List<String> commands) {}

    HookFile at(Path path) {
      var asked = when == null ? new When(null, null, null, null) : when;
      return file(
          path,
          hook,
          HookCondition.of(
              asked.always, asked.hasBindMounts, asked.annotations, asked.commands, false),
          stages);
    }
  }

  /// The file as version 0.1.0 had it, with a second name for each list.
  record Old(
      @Nullable String hook,
      @Nullable List<String> arguments,
      @Nullable List<String> stages,
      @Nullable List<String> stage,
      @Nullable List<String> cmds,
      @Nullable List<String> cmd,
      @Nullable List<String> annotations,
      @Nullable List<String> annotation,
      @Nullable Boolean hasbindmounts) {
    HookFile at(Path path) {
      var program = String.valueOf(hook == null ? "" : hook);
      var wanted = either("annotation", annotation, annotations);
      return file(
          path,
          new HookProgram(program, named(program), List.of(), null),
          HookCondition.of(
              null,
              hasbindmounts,
              wanted == null ? null : Map.of("", String.join("|", wanted)),
              either("cmd", cmd, cmds),
              true),
          either("stage", stage, stages));
    }

    private List<String> named(String program) {
      return arguments == null
          ? List.of()
          : Stream.concat(Stream.of(program), arguments.stream()).toList();
    }

    private static @Nullable List<String> either(
        String name, @Nullable List<String> one, @Nullable List<String> other) {
      that(one == null || other == null, name + " and " + name + "s cannot both be there");
      return one == null ? other : one;
    }
  }

  /// @throws IOException with one line that says what is wrong
  static HookFile read(Path path) throws IOException {
    var bytes = CappedFile.read(path, LARGEST);
    try {
      return parse(path, MAPPER.readTree(bytes));
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage().lines().findFirst().orElse("is no object"), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static HookFile parse(Path path, JsonNode document) throws JsonProcessingException {
    that(document.isObject(), "is no JSON object");
    var version = document.path("version").asText("");
    return switch (version) {
      case "1.0.0" -> MAPPER.treeToValue(document, Current.class).at(path);
      case "0.1.0", "" -> MAPPER.treeToValue(document, Old.class).at(path);
      default -> throw new IllegalArgumentException("version " + version + " must be 1.0.0");
    };
  }

  private static HookFile file(
      Path path,
      @Nullable HookProgram program,
      HookCondition condition,
      @Nullable List<String> stages) {
    if (program == null) {
      throw new IllegalArgumentException("hook is missing");
    }
    program.check();
    if (stages == null) {
      throw new IllegalArgumentException("stages are missing");
    }
    for (var stage : stages) {
      that(stage != null && STAGES.contains(stage), "stage " + stage + " is none of " + STAGES);
    }
    return new HookFile(path, program, condition, List.copyOf(stages));
  }

  /// {@return whether the hook is for a container}
  public boolean isFor(HookSubject subject) {
    return condition.holds(subject);
  }

  static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
