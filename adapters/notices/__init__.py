"""The ways on which a notice reaches somebody.

Errors:
    Undelivered
    ├── TryAgain   not now; the same may go through later
    └── GiveUp     never, whatever we do; the next receiver is to be told

"""
