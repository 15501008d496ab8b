// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

/// What a synchronous exec printed (cut at the limit) and how it ended.
@SuppressWarnings("ArrayRecordComponent") // bytes, never compared
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr) {}
