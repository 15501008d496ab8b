// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultParserTest {
  @Test
  void readsVersion031() throws Exception {
    var result =
        parse(
            """
            {"cniVersion":"0.3.1","interfaces":[{"name":"cni0"},{"name":"veth1"},{"name":"eth0","sandbox":"/ns"}],
             "ips":[{"version":"4","interface":2,"address":"10.1.0.2/16","gateway":"10.1.0.1"},
                    {"version":"6","interface":2,"address":"fd00::2/64"}]}
            """);
    assertThat(result.addresses()).containsExactly("10.1.0.2", "fd00::2");
    assertThat(result.ips().getFirst().gateway()).hasValue("10.1.0.1");
    assertThat(result.ips().getLast().gateway()).isEmpty();
    assertThat(result.interfaces()).contains(new Interface("eth0", "", "/ns"));
    assertThat(result.dns()).isEqualTo(Dns.NONE);
  }

  @Test
  void addressOfAHostInterfaceIsNotThePods() throws Exception {
    var result =
        parse(
            """
            {"interfaces":[{"name":"cni0"},{"name":"eth0","sandbox":"/ns"}],
             "ips":[{"interface":0,"address":"10.1.0.1/16"},{"interface":1,"address":"10.1.0.2/16"}]}
            """);
    assertThat(result.addresses()).containsExactly("10.1.0.2");
  }

  @Test
  void addressCountsWhenThePluginNamesNoSandbox() throws Exception {
    var result =
        parse(
            """
            {"interfaces":[{"name":"eth0"}],"ips":[{"interface":0,"address":"10.1.0.2/16"}]}
            """);
    assertThat(result.addresses()).containsExactly("10.1.0.2");
  }

  @Test
  void resultWithoutAddressIsAResult() throws Exception {
    assertThat(parse("{}").addresses()).isEmpty();
    assertThat(parse("{\"ips\":null,\"dns\":7,\"routes\":\"x\",\"interfaces\":{}}").addresses())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.1.0.2",
        "10.1.0.2/",
        "10.1.0.2/33",
        "10.1.0.2/-1",
        "10.1.0/24",
        "10.1.0.256/24",
        "1/8",
        "fd00::2/129",
        "fd00::2%eth0/64",
        "fd00:::2/64",
        ":/64",
        "localhost/24",
        "10.1.0.2/24/24",
        " 10.1.0.2/24"
      })
  void addressThatIsNoneIsRefused(String address) {
    assertThatThrownBy(() -> parse("{\"ips\":[{\"address\":\"" + address + "\"}]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("result has IP '" + address + "'");
  }

  @Test
  void gatewayThatIsNoneIsRefused() {
    assertThatThrownBy(() -> parse("{\"ips\":[{\"address\":\"10.1.0.2/16\",\"gateway\":\"x\"}]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void interfaceIndexOutOfRangeIsTolerated() throws Exception {
    for (var index : new String[] {"-1", "7", "1.5", "\"0\"", "99999999999", "null"}) {
      assertThat(
              parse("{\"ips\":[{\"address\":\"10.1.0.2/16\",\"interface\":" + index + "}]}")
                  .addresses())
          .containsExactly("10.1.0.2");
    }
  }

  @Test
  void mutilatedResultNeverEscapesTheDeclaredExceptions() {
    var random = new Random(20261121);
    for (int round = 0; round < 20_000; round++) {
      var bytes = FakeNode.RESULT.getBytes(UTF_8);
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        var result = ResultParser.parse(Json.parseObject(bytes));
        assertThat(result.addresses()).allMatch(address -> address.matches("[0-9A-Fa-f:.]+"));
      } catch (IOException | IllegalArgumentException e) {
        assertThat(Optional.ofNullable(e.getMessage())).isPresent();
      }
    }
  }

  private static CniResult parse(String text) throws IOException {
    return ResultParser.parse(Json.parseObject(text.getBytes(UTF_8)));
  }
}
