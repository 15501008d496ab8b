// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.criollo.linux.AtomicFile;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The OCI process object of one more process in a container: that of the first process, user,
/// groups, environment, limits and all, with another command.
public final class ExecProcess {
  /// Of all instances: they write to the same folders.
  private static final AtomicLong COUNTER = new AtomicLong();

  private final ObjectMapper mapper = new ObjectMapper();
  private final Layout layout;

  public ExecProcess(Layout layout) {
    this.layout = layout;
  }

  /// {@return a new file, which the caller deletes}
  Path write(ContainerId container, List<String> command, boolean terminal) throws IOException {
    var bundle = layout.bundle(container);
    var process = process(bundle.resolve("config.json"));
    process.put("terminal", terminal);
    process.remove("consoleSize");
    var args = process.putArray("args");
    command.forEach(args::add);
    var file = bundle.resolve("exec-" + COUNTER.incrementAndGet() + ".json");
    AtomicFile.writeVolatile(file, mapper.writeValueAsBytes(process));
    return file;
  }

  /// The rest of the document, of which a system call filter is the most, is not looked at.
  private ObjectNode process(Path config) throws IOException {
    try (var parser = mapper.createParser(Files.readAllBytes(config))) {
      var _ = parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("process");
        var _ = parser.nextToken();
        if (found && mapper.readTree(parser) instanceof ObjectNode process) {
          return process;
        }
        var _ = parser.skipChildren();
      }
    }
    throw new IOException(config + " has no process");
  }
}
