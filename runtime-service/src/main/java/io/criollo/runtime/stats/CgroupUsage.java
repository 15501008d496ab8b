// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.cri.v1.CpuUsage;
import io.criollo.cri.v1.IoUsage;
import io.criollo.cri.v1.MemoryUsage;
import io.criollo.cri.v1.ProcessUsage;
import io.criollo.cri.v1.PsiData;
import io.criollo.cri.v1.PsiStats;
import io.criollo.cri.v1.SwapUsage;
import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CpuStat;
import io.criollo.linux.cgroup.MemoryStat;
import io.criollo.linux.cgroup.OpenCgroup;
import io.criollo.linux.cgroup.Pressure;
import io.criollo.runtime.state.Times;
import java.time.Instant;
import java.util.OptionalLong;

/// What a cgroup uses, as the CRI says it. Reads files only; no process is started.
final class CgroupUsage {
  private final OpenCgroup cgroup;
  private final long timestamp = Times.nanos(Instant.now());

  CgroupUsage(OpenCgroup cgroup) {
    this.cgroup = cgroup;
  }

  CpuUsage cpu(String id, CpuRates rates) throws LinuxException {
    long at = System.nanoTime();
    long used = CpuStat.parse(cgroup.read("cpu.stat")).usageMicros() * 1000;
    var usage =
        CpuUsage.newBuilder()
            .setTimestamp(timestamp)
            .setUsageCoreNanoSeconds(UInt64.of(used))
            .setPsi(psi("cpu"));
    rates.rate(id, at, used).ifPresent(rate -> usage.setUsageNanoCores(UInt64.of(rate)));
    return usage.build();
  }

  MemoryUsage memory() throws LinuxException {
    var stat = MemoryStat.parse(cgroup.read("memory.stat"));
    long used = cgroup.number("memory.current").orElse(0);
    long workingSet = stat.workingSet(used);
    var usage =
        MemoryUsage.newBuilder()
            .setTimestamp(timestamp)
            .setUsageBytes(UInt64.of(used))
            .setWorkingSetBytes(UInt64.of(workingSet))
            .setRssBytes(UInt64.of(stat.anon()))
            .setPageFaults(UInt64.of(stat.pageFaults()))
            .setMajorPageFaults(UInt64.of(stat.majorPageFaults()))
            .setPsi(psi("memory"));
    left("memory.max", workingSet).ifPresent(bytes -> usage.setAvailableBytes(UInt64.of(bytes)));
    return usage.build();
  }

  SwapUsage swap() throws LinuxException {
    long used = cgroup.number("memory.swap.current").orElse(0);
    var usage = SwapUsage.newBuilder().setTimestamp(timestamp).setSwapUsageBytes(UInt64.of(used));
    left("memory.swap.max", used).ifPresent(bytes -> usage.setSwapAvailableBytes(UInt64.of(bytes)));
    return usage.build();
  }

  IoUsage io() throws LinuxException {
    return IoUsage.newBuilder().setTimestamp(timestamp).setPsi(psi("io")).build();
  }

  ProcessUsage processes() throws LinuxException {
    return ProcessUsage.newBuilder()
        .setTimestamp(timestamp)
        .setProcessCount(UInt64.of(cgroup.processes().size()))
        .build();
  }

  /// {@return what is left below a limit; empty without one}
  private OptionalLong left(String limit, long used) throws LinuxException {
    var max = cgroup.number(limit);
    return max.isPresent() ? OptionalLong.of(Math.max(0, max.getAsLong() - used)) : max;
  }

  /// All zero where the kernel was booted without it.
  private PsiStats psi(String resource) throws LinuxException {
    var pressure = Pressure.parse(cgroup.readIfThere(resource + ".pressure"));
    return PsiStats.newBuilder()
        .setSome(data(pressure.some()))
        .setFull(data(pressure.full()))
        .build();
  }

  private static PsiData data(Pressure.Stall stall) {
    return PsiData.newBuilder()
        .setTotal(stall.totalMicros() * 1000)
        .setAvg10(stall.avg10())
        .setAvg60(stall.avg60())
        .setAvg300(stall.avg300())
        .build();
  }
}
