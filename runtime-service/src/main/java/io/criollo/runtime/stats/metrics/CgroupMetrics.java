// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.CpuStat;
import io.criollo.linux.cgroup.IoStat;
import io.criollo.linux.cgroup.MemoryEvents;
import io.criollo.linux.cgroup.MemoryStat;
import io.criollo.linux.cgroup.OpenCgroup;
import io.criollo.linux.cgroup.Pressure;

/// What the files of a container's cgroup say.
final class CgroupMetrics {
  private final OpenCgroup cgroup;
  private final Devices devices;

  CgroupMetrics(OpenCgroup cgroup, Devices devices) {
    this.cgroup = cgroup;
    this.devices = devices;
  }

  void addTo(MetricList list) throws LinuxException {
    cpu(list);
    memory(list);
    io(list);
    for (var size : devices.hugePageSizes()) {
      cgroup
          .number("hugetlb." + size + ".current")
          .ifPresent(bytes -> list.add(MetricName.HUGETLB_USAGE_BYTES, bytes, size));
    }
  }

  private void cpu(MetricList list) throws LinuxException {
    var stat = CpuStat.parse(cgroup.read("cpu.stat"));
    list.addMicros(MetricName.CPU_USAGE_SECONDS, stat.usageMicros(), "total");
    list.addMicros(MetricName.CPU_USER_SECONDS, stat.userMicros());
    list.addMicros(MetricName.CPU_SYSTEM_SECONDS, stat.systemMicros());
    list.add(MetricName.CPU_PERIODS, stat.periods());
    list.add(MetricName.CPU_THROTTLED_PERIODS, stat.throttledPeriods());
    list.addMicros(MetricName.CPU_THROTTLED_SECONDS, stat.throttledMicros());
    var pressure = Pressure.parse(cgroup.readIfThere("cpu.pressure"));
    list.addMicros(MetricName.PRESSURE_CPU_STALLED, pressure.full().totalMicros());
    list.addMicros(MetricName.PRESSURE_CPU_WAITING, pressure.some().totalMicros());
  }

  private void memory(MetricList list) throws LinuxException {
    var stat = MemoryStat.parse(cgroup.read("memory.stat"));
    long used = cgroup.number("memory.current").orElse(0);
    list.add(MetricName.MEMORY_USAGE_BYTES, used);
    list.add(MetricName.MEMORY_WORKING_SET_BYTES, stat.workingSet(used));
    list.add(MetricName.MEMORY_MAX_USAGE_BYTES, cgroup.number("memory.peak").orElse(used));
    list.add(MetricName.MEMORY_CACHE, stat.file());
    list.add(MetricName.MEMORY_RSS, stat.anon());
    list.add(MetricName.MEMORY_KERNEL_USAGE, stat.kernel());
    list.add(MetricName.MEMORY_MAPPED_FILE, stat.fileMapped());
    list.add(MetricName.MEMORY_SWAP, cgroup.number("memory.swap.current").orElse(0));
    for (var scope : new String[] {"container", "hierarchy"}) {
      list.add(MetricName.MEMORY_FAILURES, stat.pageFaults(), "pgfault", scope);
      list.add(MetricName.MEMORY_FAILURES, stat.majorPageFaults(), "pgmajfault", scope);
    }
    var events = MemoryEvents.parse(cgroup.read("memory.events"));
    list.add(MetricName.MEMORY_FAILCNT, events.max());
    list.add(MetricName.OOM_EVENTS, events.oomKill());
    var pressure = Pressure.parse(cgroup.readIfThere("memory.pressure"));
    list.addMicros(MetricName.PRESSURE_MEMORY_STALLED, pressure.full().totalMicros());
    list.addMicros(MetricName.PRESSURE_MEMORY_WAITING, pressure.some().totalMicros());
  }

  private void io(MetricList list) throws LinuxException {
    for (var one : IoStat.parse(cgroup.readIfThere("io.stat")).devices()) {
      var name = devices.name(one.device());
      list.add(MetricName.FS_READS_BYTES, one.readBytes(), name);
      list.add(MetricName.FS_READS, one.reads(), name);
      list.add(MetricName.FS_WRITES_BYTES, one.writtenBytes(), name);
      list.add(MetricName.FS_WRITES, one.writes(), name);
      var number = one.device().split(":", -1);
      list.add(MetricName.BLKIO_DEVICE_USAGE, one.readBytes(), name, number[0], number[1], "read");
      list.add(
          MetricName.BLKIO_DEVICE_USAGE, one.writtenBytes(), name, number[0], number[1], "write");
    }
    var pressure = Pressure.parse(cgroup.readIfThere("io.pressure"));
    list.addMicros(MetricName.PRESSURE_IO_STALLED, pressure.full().totalMicros());
    list.addMicros(MetricName.PRESSURE_IO_WAITING, pressure.some().totalMicros());
  }
}
