"""A module of WebAssembly from the object that LLVM emits, when all addresses are known and nothing is imported.

Then an object's code is a module's: functions already have the numbers that they are called by. What is left is to say
which of them are exported, what memory there is, and what lies in it at the beginning. The format is that of the
specification of WebAssembly, and of its "tool conventions" for what an object says of itself in custom sections.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["PAGE", "module_of"]

PAGE = 65536
_CUSTOM, _TYPE, _IMPORT, _FUNCTION, _MEMORY, _EXPORT, _CODE, _DATA = 0, 1, 2, 3, 5, 7, 10, 11
_SYMBOL_TABLE, _IS_UNDEFINED = 8, 0x10
_FUNCTION_NUMBER, _TYPE_NUMBER = 0, 6
"""The relocations that the object has carried out itself."""


class _Reader:
    """Bytes, read one thing after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.place = content, 0

    def __bool__(self) -> bool:
        return self.place < len(self.content)

    def byte(self) -> int:
        """Return a byte."""
        self.place += 1
        return self.content[self.place - 1]

    def number(self) -> int:
        """Return a whole number without a sign (LEB128)."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def numbers(self, count: int) -> list[int]:
        """Return so many whole numbers."""
        return [self.number() for _ in range(count)]

    def bytes(self, count: int) -> bytes:
        """Return so many bytes."""
        self.place += count
        return self.content[self.place - count : self.place]

    def name(self) -> str:
        """Return a name, which its length precedes."""
        return self.bytes(self.number()).decode()


def module_of(content: bytes, *, exports: Sequence[str], data: Sequence[tuple[int, bytes]], pages: int) -> bytes:
    """Return a module.

    Parameters
    ----------
    content : bytes
        The object.
    exports : sequence of str
        The functions that others call.
    data : sequence of pairs of an address and bytes
        What is in memory at the beginning.
    pages : int
        How much memory there is, in `PAGE`.

    Raises
    ------
    RuntimeError
        If the object needs what this has not.
    """
    sections, customs = _sections(content)
    _check(sections, customs)
    numbers = dict(_functions(customs["linking"]))
    entries = [_name(name) + b"\0" + _number(numbers[name]) for name in exports]
    entries.append(_name("memory") + b"\2\0")
    segments = [b"\0\x41" + _signed(address) + b"\x0b" + _number(len(part)) + part for address, part in data]
    parts = {
        _TYPE: sections[_TYPE],
        _FUNCTION: sections[_FUNCTION],
        _MEMORY: b"\1\0" + _number(pages),
        _EXPORT: _number(len(entries)) + b"".join(entries),
        _CODE: sections[_CODE],
        _DATA: _number(len(segments)) + b"".join(segments),
    }
    return content[:8] + b"".join(bytes([kind]) + _number(len(part)) + part for kind, part in parts.items())


def _sections(content: bytes) -> tuple[dict[int, bytes], dict[str, bytes]]:
    """Return the sections of an object by their kind, and the custom ones by their name."""
    reader = _Reader(content)
    if reader.bytes(8) != b"\0asm\1\0\0\0":
        raise RuntimeError("this is no object of WebAssembly")
    sections: dict[int, bytes] = {}
    customs: dict[str, bytes] = {}
    while reader:
        kind, part = reader.byte(), reader.bytes(reader.number())
        if kind == _CUSTOM:
            inside = _Reader(part)
            name = inside.name()
            customs[name] = part[inside.place :]
        else:
            sections[kind] = part
    return sections, customs


def _check(sections: dict[int, bytes], customs: dict[str, bytes]) -> None:
    """Raise `RuntimeError` if an object imports anything but memory, or if an address in its code is not known."""
    reader = _Reader(sections.get(_IMPORT, b"\0"))
    for _ in range(reader.number()):
        name, kind = (reader.name(), reader.name())[1], reader.byte()
        if kind != 2:
            raise RuntimeError(f"the object imports {name}")
        reader.numbers(2)  # flags and the least number of pages
    reader = _Reader(customs.get("reloc.CODE", b"\0\0"))
    reader.number()
    for _ in range(reader.number()):
        kind = reader.byte()
        if kind not in (_FUNCTION_NUMBER, _TYPE_NUMBER):
            raise RuntimeError(f"the object has a relocation of kind {kind}")
        reader.numbers(2)


def _functions(linking: bytes) -> Iterator[tuple[str, int]]:
    """Yield the names and the numbers of functions, from an object's table of symbols."""
    reader = _Reader(linking)
    reader.number()
    while reader:
        kind, part = reader.byte(), _Reader(reader.bytes(reader.number()))
        if kind != _SYMBOL_TABLE:
            continue
        for _ in range(part.number()):
            symbol, flags = part.byte(), part.number()
            if symbol != 0 or flags & _IS_UNDEFINED:
                raise RuntimeError(f"the object has a symbol of kind {symbol} with flags {flags}")
            number = part.number()
            yield part.name(), number


def _number(value: int) -> bytes:
    """Return a whole number without a sign as LEB128."""
    found = bytearray()
    while value >= 128:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _signed(value: int) -> bytes:
    """Return a whole number that is not negative as signed LEB128: the last byte's bit 6 is its sign."""
    found = bytearray()
    while value >= 64:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _name(text: str) -> bytes:
    return _number(len(text.encode())) + text.encode()
