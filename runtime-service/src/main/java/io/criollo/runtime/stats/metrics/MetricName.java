// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import static io.criollo.cri.v1.MetricType.COUNTER;
import static io.criollo.cri.v1.MetricType.GAUGE;

import io.criollo.cri.v1.MetricDescriptor;
import io.criollo.cri.v1.MetricType;
import java.util.List;

/// All metrics there are, as cAdvisor names them. Times are in whole seconds, since the CRI has
/// integers only.
enum MetricName {
  BLKIO_DEVICE_USAGE(
      "container_blkio_device_usage_total",
      "Bytes read from and written to a device.",
      COUNTER,
      "device",
      "major",
      "minor",
      "operation"),
  CPU_PERIODS(
      "container_cpu_cfs_periods_total",
      "Number of elapsed enforcement period intervals.",
      COUNTER),
  CPU_THROTTLED_PERIODS(
      "container_cpu_cfs_throttled_periods_total",
      "Number of throttled period intervals.",
      COUNTER),
  CPU_THROTTLED_SECONDS(
      "container_cpu_cfs_throttled_seconds_total",
      "Total time duration the container has been throttled.",
      COUNTER),
  CPU_SYSTEM_SECONDS(
      "container_cpu_system_seconds_total",
      "Cumulative system CPU time consumed in seconds.",
      COUNTER),
  CPU_USAGE_SECONDS(
      "container_cpu_usage_seconds_total",
      "Cumulative CPU time consumed in seconds.",
      COUNTER,
      "cpu"),
  CPU_USER_SECONDS(
      "container_cpu_user_seconds_total", "Cumulative user CPU time consumed in seconds.", COUNTER),
  FILE_DESCRIPTORS(
      "container_file_descriptors",
      "Number of open file descriptors of the container's processes.",
      GAUGE),
  FS_INODES_FREE(
      "container_fs_inodes_free", "Number of free inodes of the file system.", GAUGE, "device"),
  FS_INODES_TOTAL(
      "container_fs_inodes_total", "Number of inodes of the file system.", GAUGE, "device"),
  FS_LIMIT_BYTES(
      "container_fs_limit_bytes",
      "Number of bytes that the file system can hold.",
      GAUGE,
      "device"),
  FS_READS_BYTES(
      "container_fs_reads_bytes_total", "Cumulative count of bytes read.", COUNTER, "device"),
  FS_READS("container_fs_reads_total", "Cumulative count of reads completed.", COUNTER, "device"),
  FS_USAGE_BYTES(
      "container_fs_usage_bytes",
      "Number of bytes that the container has written to its own layer.",
      GAUGE,
      "device"),
  FS_WRITES_BYTES(
      "container_fs_writes_bytes_total", "Cumulative count of bytes written.", COUNTER, "device"),
  FS_WRITES(
      "container_fs_writes_total", "Cumulative count of writes completed.", COUNTER, "device"),
  HUGETLB_MAX_USAGE_BYTES(
      "container_hugetlb_max_usage_bytes",
      "Maximum huge page usage recorded; the kernel does so in cgroup v1 only.",
      GAUGE,
      "pagesize"),
  HUGETLB_USAGE_BYTES(
      "container_hugetlb_usage_bytes", "Current huge page usage in bytes.", GAUGE, "pagesize"),
  LAST_SEEN(
      "container_last_seen",
      "Last time the container was seen, in seconds since the epoch.",
      GAUGE),
  MEMORY_CACHE("container_memory_cache", "Number of bytes of page cache memory.", GAUGE),
  MEMORY_FAILCNT(
      "container_memory_failcnt",
      "Number of times that the memory usage has hit its limit.",
      COUNTER),
  MEMORY_FAILURES(
      "container_memory_failures_total",
      "Cumulative count of memory allocation failures.",
      COUNTER,
      "failure_type",
      "scope"),
  MEMORY_KERNEL_USAGE(
      "container_memory_kernel_usage", "Size of kernel memory allocated in bytes.", GAUGE),
  MEMORY_MAPPED_FILE(
      "container_memory_mapped_file", "Size of memory mapped files in bytes.", GAUGE),
  MEMORY_MAX_USAGE_BYTES(
      "container_memory_max_usage_bytes", "Maximum memory usage recorded in bytes.", GAUGE),
  MEMORY_RSS("container_memory_rss", "Size of anonymous memory in bytes.", GAUGE),
  MEMORY_SWAP("container_memory_swap", "Swap usage in bytes.", GAUGE),
  MEMORY_USAGE_BYTES(
      "container_memory_usage_bytes",
      "Current memory usage in bytes, including all memory regardless of when it was accessed.",
      GAUGE),
  MEMORY_WORKING_SET_BYTES(
      "container_memory_working_set_bytes", "Current working set in bytes.", GAUGE),
  NETWORK_RECEIVE_BYTES(
      "container_network_receive_bytes_total",
      "Cumulative count of bytes received.",
      COUNTER,
      "interface"),
  NETWORK_RECEIVE_ERRORS(
      "container_network_receive_errors_total",
      "Cumulative count of errors encountered while receiving.",
      COUNTER,
      "interface"),
  NETWORK_RECEIVE_DROPPED(
      "container_network_receive_packets_dropped_total",
      "Cumulative count of packets dropped while receiving.",
      COUNTER,
      "interface"),
  NETWORK_RECEIVE_PACKETS(
      "container_network_receive_packets_total",
      "Cumulative count of packets received.",
      COUNTER,
      "interface"),
  NETWORK_TRANSMIT_BYTES(
      "container_network_transmit_bytes_total",
      "Cumulative count of bytes transmitted.",
      COUNTER,
      "interface"),
  NETWORK_TRANSMIT_ERRORS(
      "container_network_transmit_errors_total",
      "Cumulative count of errors encountered while transmitting.",
      COUNTER,
      "interface"),
  NETWORK_TRANSMIT_DROPPED(
      "container_network_transmit_packets_dropped_total",
      "Cumulative count of packets dropped while transmitting.",
      COUNTER,
      "interface"),
  NETWORK_TRANSMIT_PACKETS(
      "container_network_transmit_packets_total",
      "Cumulative count of packets transmitted.",
      COUNTER,
      "interface"),
  OOM_EVENTS(
      "container_oom_events_total",
      "Number of processes that were killed for want of memory.",
      COUNTER),
  PRESSURE_CPU_STALLED(
      "container_pressure_cpu_stalled_seconds_total",
      "Time in which no task made progress for want of CPU.",
      COUNTER),
  PRESSURE_CPU_WAITING(
      "container_pressure_cpu_waiting_seconds_total",
      "Time in which some task waited for CPU.",
      COUNTER),
  PRESSURE_IO_STALLED(
      "container_pressure_io_stalled_seconds_total",
      "Time in which no task made progress for want of IO.",
      COUNTER),
  PRESSURE_IO_WAITING(
      "container_pressure_io_waiting_seconds_total",
      "Time in which some task waited for IO.",
      COUNTER),
  PRESSURE_MEMORY_STALLED(
      "container_pressure_memory_stalled_seconds_total",
      "Time in which no task made progress for want of memory.",
      COUNTER),
  PRESSURE_MEMORY_WAITING(
      "container_pressure_memory_waiting_seconds_total",
      "Time in which some task waited for memory.",
      COUNTER),
  PROCESSES("container_processes", "Number of processes running inside the container.", GAUGE),
  SOCKETS("container_sockets", "Number of open sockets of the container's processes.", GAUGE),
  SPEC_CPU_PERIOD(
      "container_spec_cpu_period", "CPU period of the container in microseconds.", GAUGE),
  SPEC_CPU_QUOTA(
      "container_spec_cpu_quota", "CPU quota of the container in microseconds per period.", GAUGE),
  SPEC_CPU_SHARES("container_spec_cpu_shares", "CPU shares of the container.", GAUGE),
  SPEC_MEMORY_LIMIT_BYTES(
      "container_spec_memory_limit_bytes",
      "Memory limit of the container in bytes, 0 for none.",
      GAUGE),
  SPEC_MEMORY_RESERVATION_BYTES(
      "container_spec_memory_reservation_limit_bytes",
      "Memory that is kept for the container in bytes, 0 for none.",
      GAUGE),
  SPEC_MEMORY_SWAP_LIMIT_BYTES(
      "container_spec_memory_swap_limit_bytes",
      "Limit of memory and swap together in bytes, 0 for none.",
      GAUGE),
  START_TIME_SECONDS(
      "container_start_time_seconds",
      "Start time of the container in seconds since the epoch.",
      GAUGE),
  THREADS("container_threads", "Number of threads running inside the container.", GAUGE),
  THREADS_MAX(
      "container_threads_max",
      "Number of threads allowed inside the container, 0 for any number.",
      GAUGE),
  ULIMITS_SOFT(
      "container_ulimits_soft",
      "Soft limits of the container's first process, -1 for none.",
      GAUGE,
      "ulimit");

  /// What every metric says of its container. `id` is the cgroup, `name` the id.
  private static final List<String> LABELS =
      List.of("id", "name", "image", "namespace", "pod", "container");

  private final String text;
  private final String help;
  private final MetricType type;
  private final String ownLabels;

  MetricName(String text, String help, MetricType type, String... ownLabels) {
    this.text = text;
    this.help = help;
    this.type = type;
    this.ownLabels = String.join(" ", ownLabels);
  }

  String text() {
    return text;
  }

  MetricType type() {
    return type;
  }

  /// {@return the labels after those that all metrics have}
  List<String> ownLabels() {
    return ownLabels.isEmpty() ? List.of() : List.of(ownLabels.split(" ", -1));
  }

  MetricDescriptor descriptor() {
    return MetricDescriptor.newBuilder()
        .setName(text)
        .setHelp(help)
        .addAllLabelKeys(LABELS)
        .addAllLabelKeys(ownLabels())
        .build();
  }
}
