#!/usr/bin/env python3
"""Writes the opening book of connect-four's solver: the score of every position after 12 plies.

    pip install bitbully-databases==0.0.2 numpy
    python3 scripts/connect-four-book.py games/connect-four/book.gz

The scores are those of the MIT-licensed package bitbully-databases 0.0.2 (Markus
Thill), made by exhaustive search. Positions in which the game ends within two
plies are left out. The layout is described in games/connect-four/solver.ts; it
keeps no keys, so that four million positions take three megabytes (Botelho, Pagh &
Ziviani, "Simple and space-efficient minimal perfect hash functions", WADS 2007).
"""

import gzip
import hashlib
import sys
from pathlib import Path

import bitbully_databases
import numpy as np

SHA256 = "1e01874dbb9b296a96baa2f5483ae69333ac7009377b34b222f112d9d8e89704"
SOURCE = Path(bitbully_databases.__file__).parent / "assets" / "book_12ply_distances.dat"
PLIES, SQUARES = 12, 42
COLUMNS, HEIGHT = 7, 7
LOW_BITS = 3 * HEIGHT
# As in solver.ts.
OFFSET, BITS = 16, 5
LOW_FACTORS = (0x9E3779B1, 0xC2B2AE3D, 0x27D4EB2F)
HIGH_FACTORS = (0x85EBCA6B, 0x165667B1, 0xB55A4F09)
# Cells a position, above the 1.222 from which nearly all such hypergraphs can be peeled.
ROOM = 1.23


def keys_of(codes):
    """Stones of the side to move plus all stones, 7 bits a column. In a code a column's stones are 10 or 11 from the bottom, then a 0."""
    own = np.zeros(len(codes), np.uint64)
    taken = np.zeros(len(codes), np.uint64)
    at = np.full(len(codes), 31, np.uint64)
    bit = lambda: (codes >> at & np.uint64(1)).astype(bool)
    for column in range(COLUMNS):
        open_ = np.ones(len(codes), bool)
        for row in range(HEIGHT):
            open_ &= bit()
            square = np.uint64(1 << HEIGHT * column + row)
            at -= open_.astype(np.uint64)
            taken |= np.where(open_, square, np.uint64(0))
            own |= np.where(open_ & ~bit(), square, np.uint64(0))
            at -= open_.astype(np.uint64)
        at -= np.uint64(1)
    return own + taken


def mirrored(keys):
    image = np.zeros_like(keys)
    for column in range(COLUMNS):
        part = keys >> np.uint64(HEIGHT * column) & np.uint64(0x7F)
        image |= part << np.uint64(HEIGHT * (COLUMNS - 1 - column))
    return image


def cells_of(keys, segment):
    """Three cells for each key, one in each of three segments."""
    low = (keys & np.uint64((1 << LOW_BITS) - 1)).astype(np.uint32)
    high = (keys >> np.uint64(LOW_BITS)).astype(np.uint32)
    cells = []
    for i in range(3):
        mixed = low * np.uint32(LOW_FACTORS[i]) ^ high * np.uint32(HIGH_FACTORS[i])
        mixed ^= mixed >> np.uint32(15)
        mixed *= np.uint32(0x2C1B3C6D)
        mixed ^= mixed >> np.uint32(13)
        cells.append(i * segment + (mixed % np.uint32(segment)).astype(np.int64))
    return np.stack(cells, axis=1)


def table_of(cells, values, size):
    """Numbers for the cells of which those of each position, put together by exclusive or, are its value; None where there are none."""
    left = np.arange(len(values))
    rounds = []
    while len(left) > 0:
        of = cells[left]
        lonely = np.bincount(of.ravel(), minlength=size)[of] == 1
        free = lonely.any(axis=1)
        if not free.any():
            return None
        rounds.append((left[free], of[free, lonely[free].argmax(axis=1)]))
        left = left[~free]
    table = np.zeros(size, np.uint8)
    for positions, own in reversed(rounds):
        table[own] = 0
        table[own] = values[positions] ^ np.bitwise_xor.reduce(table[cells[positions]], axis=1)
    return table


def main(book):
    source = SOURCE.read_bytes()
    found = hashlib.sha256(source).hexdigest()
    if found != SHA256:
        sys.exit(f"{SOURCE} is not that of bitbully-databases 0.0.2: its SHA-256 is {found}")
    entries = np.frombuffer(source, np.uint8).reshape(-1, 5)
    keys = keys_of(entries[:, :4].astype(np.uint64) @ np.array([1 << 24, 1 << 16, 1 << 8, 1], np.uint64))
    keys = np.minimum(keys, mirrored(keys))
    worth = entries[:, 4].astype(np.int8).astype(np.int64)
    # In plies to the end, and in the winner's stones that are then left.
    ends = 100 - abs(worth)
    scores = np.where(worth == 0, 0, np.sign(worth) * ((SQUARES - PLIES + 2 - ends) // 2))
    kept = ends > 2
    keys, values = keys[kept], (scores[kept] + OFFSET).astype(np.uint8)
    segment = int(len(keys) * ROOM / 3)
    while (table := table_of(cells_of(keys, segment), values, 3 * segment)) is None:
        segment += 1
    bits = np.unpackbits(table[:, None], axis=1, count=BITS, bitorder="little")
    with open(book, "wb") as file:
        file.write(gzip.compress(np.packbits(bits, bitorder="little").tobytes(), 9, mtime=0))
    print(f"{len(keys)} positions in {3 * segment} cells")


main(*sys.argv[1:])
