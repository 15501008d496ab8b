// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.images;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.criollo.image.PullStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Pulls under way, as a verbose Status has them (in JSON, entry `pulls`) and as people read them.
public final class PullMessages {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double MEGA = 1e6;

  private PullMessages() {}

  public static String json(List<PullStatus> pulls) {
    var list = MAPPER.createArrayNode();
    for (var pull : pulls) {
      var node = list.addObject();
      node.put("image", pull.reference());
      node.put("since", pull.since().toString());
      node.put("bytes", pull.here());
      node.put("size", pull.size());
      node.put("bytesPerSecond", pull.bytesPerSecond());
      pull.layers().forEach(layer -> layer(layer, node.withArray("layers").addObject()));
    }
    return list.toString();
  }

  private static void layer(PullStatus.LayerStatus layer, ObjectNode into) {
    into.put("digest", layer.digest().toString());
    into.put("bytes", layer.here());
    into.put("size", layer.size());
    into.put("phase", layer.phase().name().toLowerCase(Locale.ROOT));
    if (!layer.from().isEmpty()) {
      into.put("from", layer.from());
    }
  }

  /// {@return a line for each pull and for each of its layers that is being fetched}; none when the
  /// text is not what [#json] makes
  public static List<String> lines(String json, Instant now) {
    var lines = new ArrayList<String>();
    try {
      for (var pull : MAPPER.readTree(json)) {
        lines.add(
            "%s  %s, %.1f MB/s, for %d s"
                .formatted(
                    pull.path("image").asText(),
                    share(pull),
                    pull.path("bytesPerSecond").asLong() / MEGA,
                    Duration.between(Instant.parse(pull.path("since").asText()), now).toSeconds()));
        for (var layer : pull.path("layers")) {
          if (layer.path("phase").asText().equals("fetching")) {
            var digest = layer.path("digest").asText();
            lines.add(
                "  %s  %s from %s"
                    .formatted(
                        digest.substring(0, Math.min(digest.length(), 19)),
                        share(layer),
                        layer.path("from").asText()));
          }
        }
      }
    } catch (JsonProcessingException | DateTimeException e) {
      lines.clear();
    }
    return lines;
  }

  private static String share(JsonNode of) {
    return "%.1f of %.1f MB"
        .formatted(of.path("bytes").asLong() / MEGA, of.path("size").asLong() / MEGA);
  }
}
