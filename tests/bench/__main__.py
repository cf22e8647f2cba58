"""`python -m tests.bench NAME`: figures, and ratios against a baseline of the same run."""

import argparse
import asyncio
import importlib
import json
import sys

NAMES = ("ack", "deliver", "render")


def main() -> int:
    """Run one benchmark, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES, help="one of them; without a name all run")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    parser.add_argument("--quick", action="store_true", help="a short run, for a first look")
    arguments = parser.parse_args()
    names = (arguments.name,) if arguments.name else NAMES
    for name in names:
        benchmark = importlib.import_module(f"tests.bench.{name}")
        summary = (benchmark.__doc__ or "").partition("\n")[0]
        print(f"{name}: {summary}")
        figures = asyncio.run(benchmark.run(quick=arguments.quick))
        for key, value in figures.items():
            print(f"  {key:24} {value:,.3f}" if isinstance(value, float) else f"  {key:24} {value}")
        if arguments.json:
            print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
