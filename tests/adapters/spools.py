"""Looking into a spool: what it says it holds, and what it does hold."""

from adapters.spool import Spool

MIB = 1 << 20


def blobs(spool: Spool, lane: str = "raw") -> list[bytes]:
    """Give all that a lane holds."""
    return [held.bytes for held in spool.peek(lane, most=1_000_000)]


def counts(spool: Spool) -> dict[str, tuple[int, int]]:
    """Give what the spool says it holds, lane by lane."""
    return {lane: (spool.blobs(lane), spool.bytes_in(lane)) for lane in ("raw", "refused")}


def whole(spool: Spool) -> dict[str, tuple[int, int]]:
    """Give what the spool does hold, lane by lane."""
    return {lane: (len(blobs(spool, lane)), sum(map(len, blobs(spool, lane)))) for lane in ("raw", "refused")}
