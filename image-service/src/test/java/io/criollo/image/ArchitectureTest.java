// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.criollo.image");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.criollo.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyLinuxSpeaksToTheKernel() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void nothingEndsTheProcessOrSleeps() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    noClasses().should().callMethod(Thread.class, "sleep", java.time.Duration.class).check(CLASSES);
  }

  @Test
  void onlyTheRegistryPackageUsesTheNetwork() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.criollo.image.registry..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(CLASSES);
  }

  @Test
  void archivesAreReadByOurOwnReader() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.commons.compress..")
        .check(CLASSES);
  }
}
