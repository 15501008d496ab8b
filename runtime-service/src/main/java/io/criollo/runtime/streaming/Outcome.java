// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a remote command ended, as the error stream tells it: a Kubernetes `v1.Status` object for
/// clients that know it, the bare message for older ones.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Outcome(
    @JsonProperty String status,
    @JsonProperty @Nullable String message,
    @JsonProperty @Nullable String reason,
    @JsonProperty @Nullable Details details,
    @JsonProperty @Nullable Integer code) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INTERNAL_ERROR = 500;

  record Details(@JsonProperty List<Cause> causes) {
    Details {
      causes = List.copyOf(causes);
    }
  }

  record Cause(@JsonProperty String reason, @JsonProperty String message) {}

  static Outcome success() {
    return new Outcome("Success", null, null, null, null);
  }

  static Outcome exited(int exitCode) {
    if (exitCode == 0) {
      return success();
    }
    var cause = new Cause("ExitCode", Integer.toString(exitCode));
    return new Outcome(
        "Failure",
        "command terminated with non-zero exit code: exit status " + exitCode,
        "NonZeroExitCode",
        new Details(List.of(cause)),
        null);
  }

  static Outcome failed(String message) {
    return new Outcome(
        "Failure", "Internal error occurred: " + message, "InternalError", null, INTERNAL_ERROR);
  }

  byte[] json() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("write outcome", e);
    }
  }

  /// {@return the message; empty on success}
  Optional<byte[]> text() {
    return Optional.ofNullable(message).map(m -> m.getBytes(StandardCharsets.UTF_8));
  }
}
