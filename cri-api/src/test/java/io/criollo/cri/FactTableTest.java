// SPDX-License-Identifier: Apache-2.0
package io.criollo.cri;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.criollo.cri.v1.AuthConfig;
import io.criollo.cri.v1.ImageServiceGrpc;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FactTableTest {
  private static final FileDescriptor API = AuthConfig.getDescriptor().getFile();

  @Test
  void everyPublishedFactIsCompiledIn() throws IOException {
    assertThat(FactTable.of(API)).containsAll(FactTable.published());
  }

  @Test
  void nothingIsCompiledInThatIsNotPublished() throws IOException {
    assertThat(FactTable.published()).containsAll(FactTable.of(API));
  }

  @Test
  void tableIsWhole() throws IOException {
    var rows = FactTable.published();
    assertThat(rows).hasSize(635);
    assertThat(rows).filteredOn(row -> row.getFirst().equals("rpc")).hasSize(43);
    assertThat(rows).filteredOn(row -> row.getFirst().equals("field")).hasSize(478);
    assertThat(rows).filteredOn(row -> row.getFirst().equals("enum")).hasSize(95);
  }

  @Test
  void sevenCallsStreamAndOnlyFromTheServer() {
    var methods =
        Stream.of(
                RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            .toList();
    assertThat(methods).hasSize(43);
    assertThat(methods)
        .filteredOn(method -> method.getType() == MethodType.SERVER_STREAMING)
        .hasSize(7);
    assertThat(methods).filteredOn(method -> method.getType() == MethodType.UNARY).hasSize(36);
  }

  @Test
  void secretsAreMarkedForRedaction() {
    var redacted =
        AuthConfig.getDescriptor().getFields().stream()
            .filter(field -> field.getOptions().getDebugRedact())
            .map(field -> field.getName());
    assertThat(redacted.toList())
        .isEqualTo(List.of("password", "auth", "identity_token", "registry_token"));
  }
}
