// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.Option;
import io.criollo.runtime.state.Layout;
import java.util.Map;
import java.util.function.Supplier;

/// The free-form part of a verbose Status, for {@code crictl info}: JSON texts, `config` with the
/// effective configuration, and `pulls` with what is being pulled.
public final class StatusInfo {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Configuration configuration;
  private final Layout layout;
  private final UpdateRuntimeConfig runtimeConfig;
  private final Supplier<String> pulls;

  public StatusInfo(
      Configuration configuration,
      Layout layout,
      UpdateRuntimeConfig runtimeConfig,
      Supplier<String> pulls) {
    this.configuration = configuration;
    this.layout = layout;
    this.runtimeConfig = runtimeConfig;
    this.pulls = pulls;
  }

  Map<String, String> texts() {
    var config = mapper.createObjectNode();
    config.put("stateDir", layout.containers().toString()); // the file system of containers
    config.put("podCIDR", runtimeConfig.podCidr());
    for (var option : Option.values()) {
      put(config, option);
    }
    var runtimes = config.putObject("crio.runtime.runtimes");
    configuration
        .runtimes()
        .values()
        .forEach(runtime ->
            runtimes
                .putObject(runtime.name())
                .put("runtime_path", runtime.path().toString())
                .put("runtime_root", runtime.root().toString()));
    var files = config.putArray("files");
    configuration.files().forEach(file -> files.add(file.toString()));
    return Map.of("config", config.toString(), "pulls", pulls.get());
  }

  private void put(ObjectNode config, Option option) {
    if (option.isList()) {
      configuration.texts(option).forEach(config.putArray(option.key())::add);
    } else {
      config.put(option.key(), configuration.text(option).orElse(""));
    }
  }
}
