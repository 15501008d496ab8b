// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.linux.LinuxException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatsTest {
  @Test
  void cpu() throws Exception {
    var stat =
        "usage_usec 3\nuser_usec 2\nsystem_usec 1\nnr_periods 4\nnr_throttled 5\nthrottled_usec 6\nnew 7\n";
    assertThat(CpuStat.parse(stat)).isEqualTo(new CpuStat(3, 2, 1, 4, 5, 6));
    assertThat(CpuStat.parse("")).isEqualTo(new CpuStat(0, 0, 0, 0, 0, 0));
  }

  @Test
  void memory() throws Exception {
    var stat =
        MemoryStat.parse(
            "anon 1\nfile 2\nshmem 3\ninactive_file 4\nactive_file 5\npgfault 6\npgmajfault 7\nkernel 8\nfile_mapped 9\n");
    assertThat(stat).isEqualTo(new MemoryStat(1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertThat(stat.workingSet(10)).isEqualTo(6);
    assertThat(stat.workingSet(3)).isZero();
    var events = MemoryEvents.parse("low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n");
    assertThat(events).isEqualTo(new MemoryEvents(1, 2, 3, 4, 5, 6));
  }

  @Test
  void io() throws Exception {
    var stat = IoStat.parse("8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n253:16 \n");
    assertThat(stat.devices())
        .isEqualTo(
            List.of(new IoStat.Device("8:0", 1, 2, 3, 4), new IoStat.Device("253:16", 0, 0, 0, 0)));
  }

  @Test
  void pids() throws Exception {
    assertThat(PidsStat.parse("3\n", "max\n").max()).isEmpty();
    assertThat(PidsStat.parse("3\n", "100\n").max()).hasValue(100);
  }

  @Test
  void pressure() throws Exception {
    var text =
        "some avg10=1.50 avg60=0.00 avg300=100.00 total=123\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=4\n";
    var pressure = Pressure.parse(text);
    assertThat(pressure.some()).isEqualTo(new Pressure.Stall(1.5, 0, 100, 123));
    assertThat(pressure.full().totalMicros()).isEqualTo(4);
  }

  @Test
  void numbersBeyondALongCountAsTheLargest() throws Exception {
    assertThat(FlatKeyed.number("f", "18446744073709551615")).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> FlatKeyed.number("f", "18446744073709551616"))
        .hasMessageContaining("EBADMSG");
  }

  @Test
  void pathsStayBelowTheRoot() throws Exception {
    assertThat(Cgroupfs.parts("/kubepods/pod1")).containsExactly("kubepods", "pod1");
    for (var path : new String[] {"", "/", "/a/../b", "a//b", "a/", "/a/./b", "/a\nb"}) {
      assertThatThrownBy(() -> Cgroupfs.parts(path)).as(path).isInstanceOf(LinuxException.class);
    }
  }

  private interface Parser {
    Object parse(String text) throws LinuxException;
  }

  @Test
  void damagedFilesThrowNothingElse() {
    var random = new Random(11);
    var parsers =
        List.<Parser>of(
            CpuStat::parse,
            MemoryStat::parse,
            MemoryEvents::parse,
            IoStat::parse,
            Pressure::parse,
            text -> PidsStat.parse(text, text));
    var seed =
        "usage_usec 1\n8:0 rbytes=1\nsome avg10=0.00 avg60=0.00 avg300=0.00 total=1\nmax 5\n";
    for (var i = 0; i < 20_000; i++) {
      var text = new StringBuilder(seed);
      for (var n = random.nextInt(6); n >= 0; n--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x80));
      }
      var from = random.nextInt(text.length());
      var part = text.substring(from, from + random.nextInt(text.length() - from + 1));
      for (var parser : parsers) {
        try {
          assertThat(parser.parse(part)).isNotNull();
        } catch (LinuxException expected) {
          assertThat(expected).hasMessageContaining("EBADMSG");
        }
      }
    }
  }
}
