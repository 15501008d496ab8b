// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static List<List<Container>> chunks(List<Container> items) {
    var source = new Chunks<>(items.iterator(), part -> part);
    var parts = new ArrayList<List<Container>>();
    for (var next = source.next(); next.isPresent(); next = source.next()) {
      parts.add(next.get());
    }
    assertThat(source.next()).isEqualTo(Optional.empty());
    return parts;
  }

  private static Container container(int number, int size) {
    return Container.newBuilder().setId("" + number).setImageRef("x".repeat(size)).build();
  }

  @Test
  void everyItemComesOnceInPartsOfLimitedSize() {
    var items = IntStream.range(0, 5000).mapToObj(i -> container(i, i % 1000)).toList();
    var parts = chunks(items);
    assertThat(parts).hasSizeGreaterThan(5);
    assertThat(parts).allSatisfy(part -> assertThat(part).isNotEmpty());
    assertThat(parts)
        .allSatisfy(part ->
            assertThat(part.stream().mapToLong(Container::getSerializedSize).sum())
                .isLessThan(Chunks.LARGEST + 2000));
    assertThat(parts.stream().flatMap(List::stream).toList()).isEqualTo(items);
  }

  @Test
  void anEmptyListHasNoPart() {
    assertThat(chunks(List.of())).isEmpty();
  }

  @Test
  void aLargeItemIsAPartOfItsOwn() {
    assertThat(chunks(List.of(container(1, 1 << 20), container(2, 1), container(3, 1))))
        .extracting(List::size)
        .containsExactly(1, 2);
  }
}
