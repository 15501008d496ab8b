// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/// What is tested is decided before an OCI runtime is called: the tests run with one of them only.
@Tag(AnyRuntime.TAG)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface AnyRuntime {
  String TAG = "any-runtime";
}
