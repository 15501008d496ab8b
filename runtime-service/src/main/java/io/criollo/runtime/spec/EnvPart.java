// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.KeyValue;
import io.criollo.runtime.state.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The environment: defaults, then the image's, then the request's; a later value takes the place
/// of an earlier one.
final class EnvPart {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final int LONGEST_NAME = 4096;

  private EnvPart() {}

  static List<String> of(SpecInput input) {
    var env = new LinkedHashMap<String, String>();
    env.put("PATH", PATH);
    env.put("HOSTNAME", input.pod().getHostname());
    if (input.container().getTty()) {
      env.put("TERM", "xterm");
    }
    env.put("HOME", input.user().home());
    input.node().defaults().processes().env().forEach(line -> fromImage(env, line));
    input.image().env().forEach(line -> fromImage(env, line));
    input.container().getEnvsList().forEach(variable -> fromRequest(env, variable));
    Gomaxprocs.of(input)
        .ifPresent(number -> env.putIfAbsent(Gomaxprocs.NAME, Long.toString(number)));
    return env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static void fromImage(Map<String, String> env, String line) {
    int equals = line.indexOf('=');
    if (equals > 0) {
      ExecLimits.word("environment of the image", line);
      env.put(line.substring(0, equals), line.substring(equals + 1));
    }
  }

  private static void fromRequest(Map<String, String> env, KeyValue variable) {
    var key = variable.getKey();
    Check.that(!key.isEmpty(), "config.envs.key", key, "must not be empty");
    Check.noControlCharacters("config.envs.key", key);
    Check.that(key.length() <= LONGEST_NAME, "config.envs.key", key, "must be at most 4 KiB");
    Check.that(key.indexOf('=') < 0, "config.envs.key", key, "must not contain '='");
    var value = text(key, variable.getValue().asReadOnlyByteBuffer());
    ExecLimits.word("config.envs." + key, key + "=" + value);
    env.put(key, value);
  }

  /// The document is JSON, which has no place for bytes that are not text.
  private static String text(String key, ByteBuffer value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal.InvalidArgument("config.envs." + key + ": its value must be valid UTF-8");
    }
  }
}
