// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a request says, the answer is a document or a refusal with a reason.
class SpecBuilderRandomTest {
  private static final List<Long> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          1000L,
          100_000L,
          1L << 26,
          1L << 31,
          1L << 32,
          Long.MAX_VALUE,
          Long.MIN_VALUE);
  private static final int DEEPEST = 5;

  @TempDir private Path directory;

  @Test
  void randomRequestsAreBuiltOrRefused() throws IOException {
    var random = new Random(20261121);
    int built = 0;
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      var input = Inputs.container(c -> mutate(c, random, 0));
      try {
        var spec = SpecBuilder.build(input);
        assertThat(OciSpec.parse(spec.toJson())).isEqualTo(spec);
        built++;
      } catch (Refusal e) {
        assertThat(e).hasMessageMatching("\\P{Cntrl}{10,10000}");
        refused++;
      }
    }
    assertThat(built).isGreaterThan(50);
    assertThat(refused).isGreaterThan(400);
  }

  private void mutate(Message.Builder message, Random random, int depth) {
    for (var field : message.getDescriptorForType().getFields()) {
      if (random.nextInt(8) != 0 || depth > DEEPEST) {
        continue;
      }
      if (field.isMapField()) {
        mutateMap(message, field, random);
      } else if (field.isRepeated()) {
        message.addRepeatedField(field, value(message, field, random, depth));
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        mutate(message.getFieldBuilder(field), random, depth + 1);
      } else {
        message.setField(field, value(message, field, random, depth));
      }
    }
  }

  private void mutateMap(Message.Builder message, FieldDescriptor field, Random random) {
    var entry = message.newBuilderForField(field);
    var type = entry.getDescriptorForType();
    entry.setField(type.findFieldByNumber(1), text(random));
    entry.setField(type.findFieldByNumber(2), text(random));
    message.addRepeatedField(field, entry.build());
  }

  private Object value(Message.Builder message, FieldDescriptor field, Random random, int depth) {
    return switch (field.getJavaType()) {
      case STRING -> text(random);
      case BYTE_STRING -> ByteString.copyFromUtf8(text(random));
      case BOOLEAN -> random.nextBoolean();
      case LONG -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case INT -> NUMBERS.get(random.nextInt(NUMBERS.size())).intValue();
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(6) - 1);
      case MESSAGE -> {
        var child = message.newBuilderForField(field);
        mutate(child, random, depth + 1);
        yield child.build();
      }
      case FLOAT, DOUBLE -> throw new AssertionError(field.getFullName());
    };
  }

  private String text(Random random) {
    var texts =
        List.of(
            "",
            "/",
            "web",
            "/bin/sh",
            "é/ü",
            directory + "/made-" + random.nextInt(5),
            directory + "/é",
            "/dev/null",
            "/proc/self/exe",
            "../../etc",
            "a\0b",
            "a\nb",
            "ALL",
            "NET_RAW",
            "0-1",
            "s0:c1",
            "2MB",
            "pids.max",
            "rwm",
            "localhost/x",
            "x".repeat(5000));
    return texts.get(random.nextInt(texts.size()));
  }
}
