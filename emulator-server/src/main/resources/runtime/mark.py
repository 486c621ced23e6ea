"""Marks what a process prints as its own, where several share one log: a byte 1, its number, and ":" before each line.

A "-" in place of the ":" says that the line's end is ours, because the process had not ended its line yet. No write is larger
than what a pipe takes in one piece, so lines of several processes do not mix. Python 2.7 must be able to run this too.
"""

import os
import sys

PIECE = 3000
ATOMIC = 4096


def main(number):
    line, part = b"\1" + number + b":", b"\1" + number + b"-"
    while True:
        read = os.read(0, PIECE)
        if not read:
            return
        lines = read.split(b"\n")
        marked = [line + each + b"\n" for each in lines[:-1]]
        if lines[-1]:
            marked.append(part + lines[-1] + b"\n")
        out = b""
        for each in marked:
            if len(out) + len(each) > ATOMIC:
                write(out)
                out = b""
            out += each
        write(out)


def write(out):
    while out:
        out = out[os.write(1, out):]


main(sys.argv[1].encode())
