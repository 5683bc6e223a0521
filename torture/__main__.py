"""``make torture``: attack cnnviz for some minutes, and print what was tried and what failed."""

from __future__ import annotations

import argparse
import os
import sys
from secrets import randbelow

from rich.console import Console
from rich.table import Table

from torture.attacks import ATTACKS
from torture.campaign import Campaign, Tally
from torture.corpus import Turn, past_failures

MOST_SHOWN = 5
"""Failures of one attack that are shown."""

LONGEST_REASON = 600
"""Characters of a failure that are shown: odd names are long, and ``--turn`` tells the rest."""


def main() -> int:
    """Attack, print a table, and return 1 if something failed."""
    options = _arguments()
    os.nice(10)
    names = [name for name in ATTACKS if not options.only or name in options.only]
    campaign = Campaign(names, options.seed)
    print(f"seed {options.seed} (--seed {options.seed} tries the same again)")
    try:
        if options.turn is not None:
            campaign.take(Turn(names[0], options.seed, options.turn))
        else:
            campaign.run(options.minutes, [turn for turn in past_failures() if turn[0] in names])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    _print(campaign.tallies)
    return 1 if any(tally.failures for tally in campaign.tallies.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (10)")
    parser.add_argument("--seed", type=int, default=randbelow(10**6), help="repeats a run")
    parser.add_argument(
        "--only", action="append", choices=list(ATTACKS), help="an attack; again for more"
    )
    parser.add_argument("--turn", type=int, help="with --only and --seed: this turn alone")
    options = parser.parse_args()
    if options.turn is not None and len(options.only or ()) != 1:
        parser.error("--turn is one of one attack: add --only")
    return options


def _print(tallies: dict[str, Tally]) -> None:
    console = Console(highlight=False)
    table = Table("attack", "what", "tried", "failed")
    for name, tally in tallies.items():
        table.add_row(name, ATTACKS[name].what, str(tally.tried), str(len(tally.failures)))
    console.print(table)
    for tally in tallies.values():
        for turn, reason in list(tally.failures.items())[:MOST_SHOWN]:
            again = f"--only '{turn.attack}' --seed {turn.seed} --turn {turn.number}"
            console.print(f"{again}\n    {reason[:LONGEST_REASON]}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
