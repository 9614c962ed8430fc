#!/usr/bin/env python3
"""Runs the benchmarks over the release build, prints the table of figures, and writes it into docs/performance.md.

    bench.py [--only MEASURE,…] [--rounds N] [--invocations N] [--keep-page]

A figure is told beside the floor that was measured in the same run. Exit code 1 when one is over its bound.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PAGE = ROOT / "docs/performance.md"
MEASURES = ["start", "start_with_rules", "start_as_layer", "memory", "pair", "pair_with_event", "cpu", "growth", "sick",
            "loaded", "door", "rules", "log_way", "sql", "statsd", "metrics_added", "metrics",
            "traces", "tracer_answer", "traces_peak", "traces_added"]
PEER = "@datadog/serverless-compat-linux-x64@0.22.3"  # an agent with DogStatsD; measured beside ours where npm has it


def statsd_peer():
    """The path of the other agent's binary, installed once; None where npm or its registry is out of reach."""
    folder = BUILD / "peer"
    binary = folder / "node_modules" / PEER.rpartition("@")[0] / "bin/datadog-serverless-compat"
    if not binary.is_file() and shutil.which("npm"):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PEER],
                       capture_output=True, timeout=300, check=False)
    if not binary.is_file():
        print("the other agent is left out: npm or its registry is out of reach")
        return None
    binary.chmod(0o755)
    return binary


def world(measures, options):
    if not measures:
        return {}
    peer = statsd_peer() if "statsd" in measures else None
    command = [BUILD / "tests/bench/world_bench", "--agent", BUILD / "dist/serverless-agent", "--start-floor",
               BUILD / "tests/bench/start_floor", "--http-floor", BUILD / "tests/bench/http_floor", "--task-root",
               ROOT / "tests/bench/function", "--rounds", str(options.rounds), "--invocations",
               str(options.invocations), *(["--statsd-peer", peer] if peer else []), *measures]
    out = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE, check=True).stdout
    return {row["measure"]: row for row in map(json.loads, out.splitlines())}


def start_as_layer(options):
    """The layer and the ordinary build side by side in /opt, which only the measuring program sees so."""
    tree, own_mounts = BUILD / "layer/tree", ["unshare", "--mount", "--map-root-user"]
    may = subprocess.run([*own_mounts, "mount", "--bind", BUILD, "/opt"], capture_output=True)
    if may.returncode != 0:
        print("start_as_layer is left out: it needs mounts of its own and a folder /opt")
        return {}
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run([sys.executable, ROOT / "packaging/layer.py", "--dist", BUILD / "dist", "--agent",
                    BUILD / "layer/datadog-agent", "--folder", tree], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(BUILD / "dist", tree / "ordinary")
    command = [*own_mounts, "sh", "-c", 'mount --bind "$0" /opt && exec "$@"', tree, BUILD / "tests/bench/world_bench",
               "--agent", "/opt/ordinary/serverless-agent", "--layer-agent", "/opt/extensions/datadog-agent",
               "--task-root", ROOT / "tests/bench/function", "--rounds", str(options.rounds), "start_as_layer"]
    out = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE, check=True).stdout
    return {"start_as_layer": json.loads(out)}


def medians(program, figure, only="."):
    out = subprocess.run([str(BUILD / "tests/bench" / program), f"--benchmark_filter={only}", "--benchmark_format=json",
                          "--benchmark_repetitions=9", "--benchmark_report_aggregates_only=true"], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return {b["run_name"]: b[figure] for b in json.loads(out)["benchmarks"] if b["aggregate_name"] == "median"}


def metrics():
    out = subprocess.run([BUILD / "tests/bench/metrics_bench"], text=True, stdout=subprocess.PIPE, check=True).stdout
    found = {row["measure"]: row for row in map(json.loads, out.splitlines())}
    found["sampling_ms"] = medians("enhanced_bench", "cpu_time", "^BM_SecondOfSampling/100/")
    return found


def counters(program, rounds=3):
    """Benchmark -> {counter: median of the rounds}; each round measures its own floor in turns."""
    out = subprocess.run([str(BUILD / "tests/bench" / program), "--benchmark_format=json",
                          f"--benchmark_repetitions={rounds}", "--benchmark_min_time=0.1"],
                         text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    found = [b for b in json.loads(out)["benchmarks"] if b.get("aggregate_name") == "median"]
    return {b["run_name"].split("/iterations")[0].removesuffix("/manual_time"): b for b in found}


def interleaved(program):
    """Of each benchmark the least of its turns, the benchmarks of a program in turn with one another."""
    out = subprocess.run([str(BUILD / "tests/bench" / program), "--benchmark_format=json",
                          "--benchmark_repetitions=9", "--benchmark_min_time=0.1",
                          "--benchmark_enable_random_interleaving=true"], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    turns = {}
    for row in json.loads(out)["benchmarks"]:
        if row["run_type"] == "iteration":
            turns.setdefault(row["run_name"], []).append(row)
    return {name: sorted(rows, key=lambda row: row["cpu_time"])[0] for name, rows in turns.items()}


def ms(ns):
    return f"{ns / 1e6:.2f} ms"


def us(ns):
    return f"{ns / 1e3:.1f} µs"


def kb(count):
    return f"{count / 1024:,.0f} KiB"


def rows(found):
    """(figure, wanted, measured, floor, value, bound): the table, in the order in which people ask."""
    if "start" in found:
        f = found["start"]
        yield ("exec → first `/next`, three plugins and a yaml", "≤ 2.5 × floor", ms(f["agent_ns"]),
               f"{ms(f['floor_ns'])} (static C: registers and asks next)", f["agent_ns"] / f["floor_ns"], 2.5)
    if "start_with_rules" in found:
        f = found["start_with_rules"]
        yield ("the same with a masking rule in the yaml", "told only", ms(f["agent_ns"]), ms(f["floor_ns"]), None,
               None)
    if "start_as_layer" in found:
        f = found["start_as_layer"]
        yield ("the same as a layer, with a loader and a C library of its own", "told only", ms(f["agent_ns"]),
               f"{ms(f['ordinary_ns'])} (the ordinary build, in turn)", None, None)
    if "memory" in found:
        f = found["memory"]
        yield ("private dirty memory after the first `/next`", "≤ 3 MiB", kb(f["agent_private_dirty"]),
               kb(f["floor_private_dirty"]), f["agent_private_dirty"] / (3 << 20), 1)
        yield ("resident memory after the first `/next`", "told only", kb(f["agent_rss"]), kb(f["floor_rss"]), None,
               None)
    if "pair" in found:
        f = found["pair"]
        yield ("start- and end-invocation, 1 KB each, loopback", "≤ 1.5 × floor", us(f["agent_ns"]),
               f"{us(f['floor_ns'])} (bare Beast server)", f["agent_ns"] / f["floor_ns"], 1.5)
    if "pair_with_event" in found:
        f = found["pair_with_event"]
        yield ("the same with an event of API Gateway, of which a span is made", "≤ 1.6 × floor", us(f["agent_ns"]),
               f"{us(f['floor_ns'])} (bare Beast server)", f["agent_ns"] / f["floor_ns"], 1.6)
    if "cpu" in found:
        f = found["cpu"]
        yield ("CPU per invocation with three lines, flushed at its end", "≤ 0.9 ms", ms(f["agent_ns"]), "",
               f["agent_ns"] / 0.9e6, 1)
    if "growth" in found:
        f = found["growth"]
        n, grown = f["invocations"], f["late_bytes"] - f["early_bytes"]
        yield (f"growth of private memory between invocation {n // 10:,} and {n:,}", "≤ 64 KiB", kb(grown),
               f"{kb(f['early_bytes'])} at {n // 10:,}", max(grown, 0) / (64 << 10), 1)
    for kind, words, most in (("mute", "never answers", 2500), ("drip", "answers a byte per second", 2500),
                              ("refused", "is not there", 200), ("forbidden", "says 403", 200)):
        if "sick_" + kind in found:
            f = found["sick_" + kind]
            yield (f"{f['invocations']} invocations beside an intake that {words}: held in all", f"≤ {most} ms",
                   ms(f["added_ns"]), f"{ms(f['well_ns'])} each, beside a well one", f["added_ns"] / 1e6 / most, 1)
            yield ("each of them, after the breaker has opened, p99", "≤ 5 ms more", ms(f["p99_ns"]),
                   f"{ms(f['well_p99_ns'])} beside a well one", max(f["p99_ns"] - f["well_p99_ns"], 0) / 5e6, 1)
    if "loaded" in found:
        f = found["loaded"]
        yield (f"start-invocation p99 while {f['mb_per_s']:.0f} MB/s of lines and spans arrive", "≤ 2 × idle",
               us(f["loaded_p99_ns"]), f"{us(f['idle_p99_ns'])} idle (medians {us(f['loaded_ns'])} and "
               f"{us(f['idle_ns'])})", f["loaded_p99_ns"] / f["idle_p99_ns"], 2)
        yield ("a bare Beast server asked in turn with it, p99", "told only", us(f["floor_loaded_p99_ns"]),
               f"{us(f['floor_idle_p99_ns'])} idle", None, None)
    if "door" in found:
        f = found["door"]
        record = (f["door_per_batch"] - f["door_per_call"]) / 999  # a batch has 1000, a call has one
        yield ("cost of the door, per record in a batch of 1,000", "≤ 10 ns", f"{record:.1f} ns", "", record / 10, 1)
        clock = f["two_clock_readings"]
        yield ("cost of the door, per call", "≤ two clock readings + 10 ns", f"{f['door_per_call']:.0f} ns",
               f"{clock:.0f} ns (two clock readings)", f["door_per_call"] / (clock + 10), 1)


    if "rules" in found:
        yield from rules_rows(found["rules"])
    if "log_way" in found:
        f = found["log_way"]["without_rules"]
        yield ("a log record without rules, telemetry JSON to zstd payload", "≤ 1.6 × floor",
               f"{f['ns_per_record']:.0f} ns",
               f"{f['ns_per_record'] / f['of_floor']:.0f} ns (simdjson's walk and zstd of what was produced)",
               f["of_floor"] / 1.6, 1)
        yield ("allocations of it", "≤ 3", f"{f['allocations_per_record']:.2f}", "",
               f["allocations_per_record"] / 3, 1)

    if "sql" in found:
        f = found["sql"]
        rate, floor = f["sql/legacy"] / 1e6, f["looking_at_every_byte"] / 1e6
        yield ("SQL obfuscation, statements of object mappers", "≥ 150 MB/s", f"{rate:,.0f} MB/s",
               f"{floor:,.0f} MB/s (a look at every byte)", 150 / rate, 1)
        for mode in ("obfuscate_only", "obfuscate_and_normalize"):
            rate = f["sql/" + mode] / 1e6
            yield (f"the same with `{mode}`", "≥ 150 MB/s", f"{rate:,.0f} MB/s", "", 150 / rate, 1)
    if "traces" in found:
        yield from traces_rows(found["traces"])
    if "tracer_answer" in found:
        f = found["tracer_answer"]
        yield ("a tracer's request of 100 spans, loopback", "≤ 1.5 × floor", us(f["agent_ns"]),
               f"{us(f['floor_ns'])} (bare Beast server)", f["agent_ns"] / f["floor_ns"], 1.5)
    if "traces_peak" in found:
        f = found["traces_peak"]
        yield (f"resident memory at its highest while {f['mb_per_s']:.0f} MB/s of spans arrive and leave", "≤ 48 MB",
               f"{f['peak_bytes'] / 1e6:.1f} MB", f"{f['before_bytes'] / 1e6:.1f} MB before", f["peak_bytes"] / 48e6, 1)
    if "traces_added" in found:
        f = found["traces_added"]
        start, dirty = f["with_ns"] - f["without_ns"], f["with_bytes"] - f["without_bytes"]
        yield ("start with the traces plugin, added", "≤ 0.6 ms", ms(start), f"{ms(f['without_ns'])} without",
               start / 0.6e6, 1)
        yield ("private memory with it, added", "≤ 1 MB", kb(dirty), f"{kb(f['without_bytes'])} without", dirty / 1e6,
               1)

    for load, words in (("packed", "400,000 metrics/s, 1,400 bytes a packet"), ("packed_more", "1,000,000 metrics/s"),
                        ("single", "100,000 packets/s of one metric"), ("single_more", "200,000 packets/s")):
        if "statsd_" + load in found:
            yield from statsd_rows(found["statsd_" + load], load, words)
    if "metrics_added" in found:
        f = found["metrics_added"]
        start, dirty = f["with_ns"] - f["without_ns"], f["with_bytes"] - f["without_bytes"]
        yield ("start with the metrics plugin, added", "≤ 0.6 ms", ms(start), f"{ms(f['without_ns'])} without",
               start / 0.6e6, 1)
        yield ("private memory with it, added", "≤ 1 MB", kb(dirty), f"{kb(f['without_bytes'])} without", dirty / 1e6,
               1)
    if "metrics" in found:
        yield from metrics_rows(found["metrics"])


def rules_rows(found):
    """The floor is the plain loop of RE2 searches over the same rules and lines, in turns."""
    def row(name, words, wanted, most):
        f = found[name]
        times = f["times_loop"]
        return (words, wanted, f"{times:.1f} × ({f['ms_per_MB']:.2f} ms/MB)",
                f"{f['loop_ms_per_MB']:.1f} ms/MB (a loop of RE2 searches)", most and most / times, 1)
    yield row("ten/2", "ten processing rules, 2 % of lines hit", "≥ 4 × the loop", 4)
    yield ("the rules alone, per MB of lines", "≤ 2 ms", f"{found['ten/2']['ms_per_MB']:.2f} ms", "",
           found["ten/2"]["ms_per_MB"] / 2, 1)
    yield row("ten/0", "the same, no line hit", "told only", None)
    yield row("ten/100", "the same, every line hit", "≥ 0.9 × the loop", 0.9)
    yield row("hopeless", "ten rules that each match every line", "≥ 0.9 × the loop", 0.9)
    f = found["ten_thousand/10000"]
    yield ("10,000 rules: start", "≤ 50 ms", f"{f['start_ms']:.1f} ms", "", f["start_ms"] / 50, 1)
    yield ("their lines, 2 % hit by different rules", "told only", f"{f['ms_per_MB']:.2f} ms/MB",
           f"{found['ten_thousand/1000']['ms_per_MB']:.2f} ms/MB with 1,000 rules", None, None)
    yield ("their memory, and with the patterns compiled on the way", "told only",
           f"{f['rules_MB']:.1f} and {f['with_compiled_MB']:.1f} MB", "", None, None)


def traces_rows(f):
    """Spans from v0.4 bytes to a zstd payload, beside a walk over the bytes and zstd of the same payload."""
    for name, words in (("with_values", "statements with values"), ("prepared", "prepared statements")):
        mine, floor = f["spans_to_payload/" + name], f["walk_and_compress/" + name]
        yield (f"CPU of a span, v0.4 to zstd, {words}", "≤ 3 × floor, ≤ 4 µs", f"{mine['ns_per_span'] / 1e3:.2f} µs",
               f"{floor['ns_per_span'] / 1e3:.2f} µs (walk and zstd)",
               max(mine["ns_per_span"] / floor["ns_per_span"] / 3, mine["ns_per_span"] / 4000), 1)
    mine = f["spans_to_payload/with_values"]
    rate, wire = mine["bytes_per_second"] / 1e6, mine["wire_percent"]
    yield ("spans, input of one core", "≥ 130 MB/s", f"{rate:,.0f} MB/s", "", 130 / rate, 1)
    yield ("spans, bytes on the wire", "≤ 8 % of the input", f"{wire:.1f} %", "", wire / 8, 1)


def statsd_rows(f, load, words):
    """Loss is compared in the quieter half of the rounds, with a thousandth for what a busy machine does to either."""
    wanted = load in ("packed", "single")
    yield (f"{words}: lost in the kernel", "≤ the floor's" if wanted else "told only",
           f"{f['agent_lost_quiet']:.2%} ({f['agent_lost']:.2%} of all rounds)",
           f"{f['floor_lost_quiet']:.2%} ({f['floor_lost']:.2%}) (receives, splits, hashes)",
           f["agent_lost_quiet"] / (f["floor_lost_quiet"] + 0.001) if wanted else None, 1)
    share = f["agent_ns"] / f["floor_ns"]
    bound = {"packed": ("≤ 500 ns and ≤ 3 × floor", max(f["agent_ns"] / 500, share / 3)),
             "single": ("≤ 1.3 × floor", share / 1.3)}.get(load, ("told only", None))
    yield ("CPU of each metric there, of the whole process", bound[0], f"{f['agent_ns']:.0f} ns",
           f"{f['floor_ns']:.0f} ns", bound[1], 1)
    if "peer_ns" in f and wanted:
        yield (f"the same of the agent in npm `{PEER}`", "told only",
               f"{f['agent_ns'] / f['peer_ns']:.2f} × its {f['peer_ns']:,.0f} ns",
               f"it loses {f['peer_lost_quiet']:.2%} ({f['peer_lost']:.2%})", None, None)


def metrics_rows(found):
    for name, words, wanted, bound in (("metric_packed", "a metric of a 1,400-byte packet, `recvmmsg` to aggregated",
                                        "≤ 3 × floor", 3),
                                       ("metric_without_socket", "the same without the socket", "told only", None),
                                       ("metric_alone", "a metric in a packet of its own", "≤ 1.3 × floor", 1.3),
                                       ("sketch_insert", "a sketch insert", "≤ 1.3 × a loop of log and rounding", 1.3),
                                       ("sketch_insert_weighted", "a sketch insert at rate 0.1", "told only", None)):
        f = found[name]
        yield words, wanted, f"{f['ns']:.1f} ns", f"{f['floor_ns']:.1f} ns", bound and f["ns"] / f["floor_ns"], bound
    for kind in ("counts", "distributions"):
        f = found["flush_" + kind]
        yield (f"flush of 100,000 {kind}, CPU in all", "≤ 150 ms", ms(f["flush_ns"]), "", f["flush_ns"] / 150e6, 1)
        yield ("its longest call", "≤ 5 ms", ms(f["longest_call_ns"]), "", f["longest_call_ns"] / 5e6, 1)
        yield ("memory while they wait and leave", "≤ 64 MB", f"{f['peak_bytes'] / 1e6:.0f} MB", "",
               f["peak_bytes"] / 64e6, 1)
    for value in found["sampling_ms"].values():
        yield ("sampling of usage beside 100 processes, CPU per second of an invocation", "≤ 5 ms", f"{value:.1f} ms",
               "", value / 5, 1)


def table(found):
    out = ["| figure | wanted | measured | floor | of the bound |", "|---|---|---|---|---|"]
    worst = 0
    for figure, wanted, measured, floor, value, bound in rows(found):
        share = "" if value is None else f"{value / bound:.0%}"
        worst = max(worst, 0 if value is None else value / bound)
        out.append(f"| {figure} | {wanted} | {measured} | {floor} | {share} |")
    return "\n".join(out), worst


def machine():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}, Linux {platform.release().split('-')[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default=",".join(MEASURES), help="of " + ", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--invocations", type=int, default=100_000)
    parser.add_argument("--keep-page", action="store_true", help="print the table, leave docs/performance.md alone")
    options = parser.parse_args()
    wanted = options.only.split(",")
    apart = ("door", "rules", "log_way", "sql", "start_as_layer", "metrics", "traces")
    found = world([m for m in wanted if m not in apart], options)
    if "start_as_layer" in wanted:
        found.update(start_as_layer(options))
    if "door" in wanted:
        found["door"] = medians("door_bench", "cpu_time")
    for measure, program in (("rules", "rules_bench"), ("log_way", "log_way_bench")):
        if measure in wanted:
            found[measure] = counters(program)
    if "sql" in wanted:
        found["sql"] = medians("obfuscation_bench", "bytes_per_second", "^(sql|looking)")
    if "metrics" in wanted:
        found["metrics"] = metrics()
    if "traces" in wanted:
        found["traces"] = interleaved("traces_bench")
    text, worst = table(found)
    print(text)
    if not options.keep_page and set(wanted) == set(MEASURES):
        page = PAGE.read_text(encoding="utf-8")
        marked = re.compile(r"(<!-- table.*?-->\n).*?(<!-- end of table -->)", re.S)
        text += f"\n\nMeasured on {machine()}.\n"
        PAGE.write_text(marked.sub(lambda m: m[1] + text + m[2], page), encoding="utf-8")
    sys.exit(1 if worst > 1 else 0)


if __name__ == "__main__":
    main()
