// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkListTest {
  private static final String VALID =
      """
      {"cniVersion":"1.0.0","name":"pods","plugins":[
        {"type":"bridge","bridge":"cni0","ipam":{"type":"host-local","ranges":[[{"subnet":"10.1.0.0/16"}]]}},
        {"type":"portmap","capabilities":{"portMappings":true,"mac":false}}]}
      """;

  @Test
  void keepsNameVersionChainAndCapabilities() throws Exception {
    var list = NetworkList.parse(json(VALID));
    assertThat(list.name()).isEqualTo("pods");
    assertThat(list.versions()).containsExactly(CniVersion.V1_0_0);
    assertThat(list.plugins()).extracting(PluginConfig::type).containsExactly("bridge", "portmap");
    assertThat(list.plugins().getLast().capabilities()).containsExactly("portMappings");
  }

  @Test
  void singlePluginIsANetworkOfItsOwn() throws Exception {
    var list =
        NetworkList.parseSingle(json("{\"cniVersion\":\"0.3.1\",\"name\":\"a\",\"type\":\"ptp\"}"));
    assertThat(list.name()).isEqualTo("a");
    assertThat(list.plugins()).extracting(PluginConfig::type).containsExactly("ptp");
  }

  @Test
  void listInAFileForOnePluginIsExplained() {
    assertThatThrownBy(() -> NetworkList.parseSingle(json(VALID)))
        .hasMessage("a list of plugins belongs into a .conflist file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../sh", "/bin/sh", "a/b", "", ".", "..", "a b", "a\\u0000", "ä", "a;b"})
  void pluginTypeIsAPlainFileName(String type) {
    assertThatThrownBy(
            () -> NetworkList.parse(json(VALID.replace("\"bridge\",\"b", "\"" + type + "\",\"b"))))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("is not a file name of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a/b", "a b", "../a"})
  void networkNameIsChecked(String name) {
    assertThatThrownBy(() -> NetworkList.parse(json(VALID.replace("\"pods\"", "\"" + name + "\""))))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("network name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"a\"}",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"plugins\":[]}",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"plugins\":{\"x\":1}}",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"plugins\":[7]}",
        "{\"cniVersion\":\"0.2.0\",\"name\":\"a\",\"plugins\":[{\"type\":\"x\"}]}",
        "{\"name\":\"a\",\"plugins\":[{\"type\":\"x\"}]}",
      })
  void incompleteNetworkIsRefused(String text) {
    assertThatThrownBy(() -> NetworkList.parse(json(text))).isInstanceOf(CniException.class);
  }

  @Test
  void mutilatedTextNeverEscapesTheDeclaredExceptions() {
    var random = new Random(20261121);
    for (int round = 0; round < 20_000; round++) {
      var bytes = VALID.getBytes(UTF_8);
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(32, 127);
      }
      try {
        for (var plugin : NetworkList.parse(Json.parseObject(bytes)).plugins()) {
          assertThat(plugin.type()).matches("[A-Za-z0-9._-]+");
        }
      } catch (IOException | CniException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static ObjectNode json(String text) throws IOException {
    return Json.parseObject(text.getBytes(UTF_8));
  }
}
