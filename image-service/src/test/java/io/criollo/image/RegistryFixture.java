// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store whose `reg.test` is a scripted registry; `mirrored.test` is that one behind a mirror.
abstract class RegistryFixture {
  @TempDir Path folder;
  FakeRegistry registry;
  FakeRegistry mirror;
  TestStore store;

  @BeforeEach
  void open() throws Exception {
    registry = new FakeRegistry();
    mirror = new FakeRegistry();
    store =
        new TestStore(folder)
            .registry("reg.test", registry)
            .registry("mirrored.test", registry, mirror);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    registry.close();
    mirror.close();
  }
}
