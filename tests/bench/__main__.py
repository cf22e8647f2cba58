"""`python -m tests.bench NAME`: figures, and ratios against a baseline of the same run."""

import argparse
import asyncio
import importlib
import json
import sys
from collections.abc import Mapping

NAMES = ("ack", "autocomplete", "big", "deliver", "jobs", "join", "kills", "ratings", "render", "soak")


def main() -> int:
    """Run one benchmark, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES, help="one of them; without a name all run")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    parser.add_argument("--quick", action="store_true", help="a short run, for a first look")
    kills = parser.add_argument_group("kills")
    kills.add_argument("--kills", type=int, help="how often, over its three kinds together (200)")
    kills.add_argument("--seed", type=int, help="repeat the random choices of an earlier run")
    kills.add_argument("--share", type=float, help="of calls that lose their reply, and as many 503 (0.05)")
    kills.add_argument("--in-flight", type=float, help="seconds before a list is believed (the product's 60)")
    kills.add_argument("--lease", type=float, help="with postgres: of a worker, seconds (4)")
    both = parser.add_argument_group("jobs and kills")
    both.add_argument("--database", choices=("sqlite", "postgres"), help="where their table is (sqlite)")
    jobs = parser.add_argument_group("jobs")
    jobs.add_argument("--jobs", type=int, help="how many wait at once (1000)")
    jobs.add_argument("--seconds", type=float, help="for how long (20)")
    jobs.add_argument("--workers", type=int, choices=(1, 2), help="with postgres: processes; 2 after 1 (2)")
    soak = parser.add_argument_group("soak")
    soak.add_argument("--minutes", type=float, help="how long members ask (30)")
    soak.add_argument("--rate", type=float, help="videos that they ask for in a second (2)")
    arguments = parser.parse_args()
    names = (arguments.name,) if arguments.name else NAMES
    for name in names:
        benchmark = importlib.import_module(f"tests.bench.{name}")
        summary = (benchmark.__doc__ or "").partition("\n")[0]
        print(f"{name}: {summary}")
        chosen = {option: getattr(arguments, option) for option in getattr(benchmark, "OPTIONS", ())}
        figures = asyncio.run(benchmark.run(quick=arguments.quick, **chosen))
        getattr(benchmark, "show", show)(figures)
        if arguments.json:
            print(json.dumps(figures))
    return 0


def show(figures: Mapping[str, object]) -> None:
    """Print a line a figure."""
    for key, value in figures.items():
        print(f"  {key:24} {value:,.3f}" if isinstance(value, float) else f"  {key:24} {value}")


if __name__ == "__main__":
    sys.exit(main())
