"""A long run of wrong payloads through every codec, and through admission behind it.

    python -m tests.bench.fuzz_codecs --messages 1000000

Each dialect gets its share.  Ends with exit code 1 at the first payload on which a codec breaks its word, and says
which.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from park import units
from park.decode import Said
from park.decode.memory import Memory
from tests.park.codec_contract import keeps_its_word
from tests.park.mutants import mutants
from tests.park.speakers import Message, speakers

TURN = 200
"""Payloads made of one message before the next one's turn: a memory hears them mixed."""


@dataclass
class Outcome:
    """What a run over one dialect came to."""

    codec: str
    payloads: int = 0
    claims: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    """Of processor time, admission included."""

    def line(self) -> str:
        """Say it."""
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.refused.most_common())
        return (
            f"{self.codec:10} {self.payloads:>9,} payloads, {self.read:,} read ({self.claims:,} claims), "
            f"longest {self.longest_s * 1000:.1f} ms; refused: {reasons}"
        )


class Broken(Exception):
    """A codec broke its word."""

    def __init__(self, codec: str, payload: bytes) -> None:
        super().__init__(f"{codec}: {payload!r}")


def run(codec: str, count: int, seed: int) -> Outcome:
    """Let one codec read so many wrong payloads.  Raises Broken."""
    outcome, memory = Outcome(codec), Memory()
    units.registry()  # its first use takes a third of a second, which is no payload's
    for message, payload in _payloads(codec, count, seed):
        start = time.thread_time()
        try:
            said = keeps_its_word(message, payload, memory)
        except Exception as error:
            raise Broken(codec, payload) from error
        outcome.longest_s = max(outcome.longest_s, time.thread_time() - start)
        outcome.payloads += 1
        if isinstance(said, Said):
            outcome.read += 1
            outcome.claims += len(said.claims)
        else:
            outcome.refused[str(said)] += 1
    memory.dump()
    return outcome


def _payloads(codec: str, count: int, seed: int) -> Iterator[tuple[Message, bytes]]:
    others = [message.payload for some in speakers().values() for message in some]
    messages = speakers()[codec]
    turn, left = 0, count
    while left:
        message = messages[turn % len(messages)]
        some = min(TURN, left)
        yield from (
            (message, payload)
            for payload in mutants(seed * 1_000_003 + turn, message.payload, others, some, seal=codec == "hj212")
        )
        left -= some
        turn += 1


def main() -> int:
    """Run every dialect, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="payloads in all")
    parser.add_argument("--seed", type=int, default=1, help="the same one gives the same payloads")
    parser.add_argument("--codec", choices=sorted(speakers()), help="one dialect only")
    given = parser.parse_args()
    codecs = [given.codec] if given.codec else list(speakers())
    start = time.perf_counter()
    for place, codec in enumerate(codecs):
        share = (given.messages + place) // len(codecs)  # which add up to all of them
        try:
            outcome = run(codec, share, given.seed)
        except Broken as broken:
            sys.stderr.write(f"{broken}\n{broken.__cause__!r}\n")
            return 1
        sys.stdout.write(outcome.line() + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{time.perf_counter() - start:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
