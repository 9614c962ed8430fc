"""What a packer asks of an ELF file of 64 bits: machine, loader, the names of what it needs, its own search path.

It only reads; layer.py and the test of the layer call it. Of a file that is no such ELF it says so by NotElf.
"""
import dataclasses
import pathlib
import struct

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH = 1, 5, 15, 29
MACHINES = {62: "x86_64", 183: "aarch64"}


class NotElf(Exception):
    pass


@dataclasses.dataclass
class Elf:
    machine: str
    interpreter: str  # empty for a library
    needed: list
    search: list      # DT_RPATH or DT_RUNPATH, as written


def text_at(content, offset):
    return content[offset:content.index(b"\0", offset)].decode()


def read(path):
    content = pathlib.Path(path).read_bytes()
    try:
        return parse(content)
    except (NotElf, struct.error, ValueError, StopIteration) as error:
        raise NotElf(f"{path}: a whole ELF file of 64 bits was wanted ({error or 'it is cut off'})") from error


def parse(content):
    if content[:6] != b"\x7fELF\x02\x01":
        raise NotElf("another beginning was found")
    machine, = struct.unpack_from("<H", content, 18)
    offset, = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    segments = [struct.unpack_from("<IIQQQQ", content, offset + i * size) for i in range(count)]

    interpreter, dynamic = "", []
    for kind, _, begin, _, _, length in segments:
        if kind == PT_INTERP:
            interpreter = text_at(content, begin)
        if kind == PT_DYNAMIC:
            dynamic = [struct.unpack_from("<QQ", content, at) for at in range(begin, begin + length, 16)]

    def in_file(address):
        return next(address - start + begin for kind, _, begin, start, _, length in segments
                    if kind == PT_LOAD and start <= address < start + length)

    texts = in_file(dict(dynamic)[DT_STRTAB]) if dynamic else 0
    paths = [text_at(content, texts + value) for tag, value in dynamic if tag in (DT_RPATH, DT_RUNPATH)]
    return Elf(MACHINES.get(machine, f"machine {machine}"), interpreter,
               [text_at(content, texts + value) for tag, value in dynamic if tag == DT_NEEDED],
               [part for path in paths for part in path.split(":") if part])
