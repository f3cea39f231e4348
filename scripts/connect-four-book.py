#!/usr/bin/env python3
"""Writes the opening book of connect-four's solver: the score of every position after 8 plies.

    python3 scripts/connect-four-book.py connect-four-ai-1.0.0.crate games/connect-four/book.gz

The scores are those of the MIT-licensed crate connect-four-ai 1.0.0 (Benjamin Rall),
whose book of all positions up to 8 plies was made by exhaustive search. Fetch the
crate with cargo. Positions that the side to move wins at once are left out. The
layout is described in games/connect-four/solver.ts.
"""

import gzip
import hashlib
import struct
import sys
import tarfile

SHA256 = "b3cc367799a577e405744e6a0f2d1d5c856ca5fcbea5b440be822c0c30cbb146"
BOOK = "connect-four-ai-1.0.0/src/engine/books/default-book.bin"
PLIES = 8
COLUMNS, ROWS = 7, 6
HEIGHT = ROWS + 1


def boards(key):
    """The stones of the side to move and all stones. A key is their sum: in each column a full marker bit on top."""
    own = taken = 0
    for column in range(COLUMNS):
        bits = key >> (HEIGHT * column) & 0x7F
        height = (bits + 1).bit_length() - 1
        own |= (bits - (1 << height) + 1) << (HEIGHT * column)
        taken |= ((1 << height) - 1) << (HEIGHT * column)
    return own, taken


def has_four(stones):
    return any(
        pairs & pairs >> 2 * step for step in (1, HEIGHT - 1, HEIGHT, HEIGHT + 1) if (pairs := stones & stones >> step)
    )


def wins_at_once(own, taken):
    for column in range(COLUMNS):
        stone = taken + (1 << HEIGHT * column) & 0x3F << HEIGHT * column & ~taken
        if stone and has_four(own | stone):
            return True
    return False


def main(crate, book):
    with open(crate, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != SHA256:
        sys.exit(f"{crate} is not that of version 1.0.0: its SHA-256 is {found}")
    with tarfile.open(crate) as archive:
        entries = archive.extractfile(BOOK).read()[8:]
    kept = []
    for key, score in struct.iter_unpack("<Qb", entries):
        own, taken = boards(key)
        if taken.bit_count() == PLIES and not wins_at_once(own, taken):
            kept.append((key, score))
    kept.sort()
    out = bytearray()
    last = 0
    for key, _ in kept:
        distance, last = key - last, key
        while distance >= 128:
            out.append(distance % 128 + 128)
            distance //= 128
        out.append(distance)
    out.append(0)
    out += bytes(score % 256 for _, score in kept)
    with open(book, "wb") as file:
        file.write(gzip.compress(bytes(out), 9, mtime=0))
    print(f"{len(kept)} positions")


main(*sys.argv[1:])
