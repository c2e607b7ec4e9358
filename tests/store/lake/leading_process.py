"""A process that tries to lead: `ADDRESS SILENCE_SECONDS`. It says whether it does, and for each line that it reads."""

from __future__ import annotations

import sys

from kpis.store.lake.address import parse_address
from kpis.store.lake.leader_lock import try_lead

if __name__ == "__main__":
    address = parse_address(sys.argv[1])
    assert address is not None
    with try_lead(address, silence_seconds=float(sys.argv[2])) as lock:
        print(lock is not None, flush=True)
        for _ in sys.stdin:
            print(lock is not None and lock.is_held(), flush=True)
