// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.net.http.HttpClient;

/// A place with the connections that lead there.
record Route(Source source, HttpClient http) {}
