"""C99: one source file and one header, which need no library and allocate nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from recurra import __version__
from recurra.export.c_functions import FUNCTIONS, LIBM, called
from recurra.export.c_model import CModel
from recurra.export.c_steps import StepWriter, constant_text
from recurra.export.joined_products import with_joined_products
from recurra.export.program import ModelCode

__all__ = ["CWriter", "reader_name"]


class CWriter:
    """Writes a model as C, and before it the models that make its further inputs.

    Parameters
    ----------
    code : ModelCode
    name : str
        What all names in the header begin with.
    file : str
        The name of the files, without a suffix.
    made_of : str
        What the first line says that it was made of.
    """

    def __init__(self, code: ModelCode, name: str, file: str, made_of: str) -> None:
        self.name, self._file = name, file
        self._title = f"{made_of.replace('*/', '* /')}, exported by recurra {__version__}"
        code = with_joined_products(code)
        readers = [(reader, reader_name(name, key)) for key, reader in code.readers.items()]
        self._models = [(CModel(each, called), StepWriter(each, called)) for each, called in [*readers, (code, name)]]

    def files(self, vectors: str = "") -> tuple[str, str]:
        """Return source and header, with the text of test vectors behind a macro in the source.

        The header says the digest of both, which the source asks for: a header of another export does not compile.
        """
        source = self._source(vectors)
        digest = _digest(source + self._header())
        return source.replace(_DIGEST, digest), self._header().replace(_DIGEST, digest)

    def header_of(self, content: bytes) -> str:
        """Return the header of what is compiled already, with the digest of both."""
        return self._header().replace(_DIGEST, _digest(content.hex() + self._header()))

    def _header(self) -> str:
        upper = self.name.upper()
        lines = [
            f"/* {self._title} */",
            f"#ifndef {upper}_H\n#define {upper}_H\n\n#include <stddef.h>\n#include <stdint.h>\n",
            '#ifdef __cplusplus\nextern "C" {\n#endif\n',
            f"/* of this header and its source */\n#define {upper}_DIGEST {_DIGEST}\n",
            *(model.declarations() for model, _ in self._models),
            "#ifdef __cplusplus\n}\n#endif\n\n#endif",
        ]
        return "\n".join(lines) + "\n"

    def _source(self, vectors: str) -> str:
        upper = self.name.upper()
        steps = [text for _, writer in self._models for text in writer.functions()]
        products = dict.fromkeys(text for _, writer in self._models for text in writer.product_functions())
        parts = [
            f"/* {self._title} */",
            f'#include "{self._file}.h"\n',
            _NOTES.format(upper=upper, digest=_DIGEST),
            *self._functions("\n".join(steps), upper),
            *products,
            *(constant_text(array) for _, writer in self._models for array in writer.constants()),
            *steps,
            *(model.definitions() for model, _ in self._models),
            vectors,
        ]
        return "\n".join(part for part in parts if part) + "\n"

    def _functions(self, steps: str, upper: str) -> Iterator[str]:
        """Yield the functions that the steps call: those of any platform, then a choice between its library and own."""
        own, common = called(steps), called(steps, without=LIBM)
        yield from (FUNCTIONS[name] for name in common)
        of_library = [name for name in own if name in LIBM]
        if of_library:
            yield f"#ifdef {upper}_LIBM\n#include <math.h>"
            # one that another calls, such as exp for softplus, is not asked for there
            asked = [name for name in of_library if f"r_{name}(" in steps]
            for name in asked:
                arguments = "float x, float y" if name == "pow" else "float x"
                yield f"static inline float r_{name}({arguments}) {{ return {LIBM[name]}; }}"
            yield "#else"
            yield from (FUNCTIONS[name] for name in own if name not in common)
            yield "#endif\n"


def reader_name(name: str, further: str) -> str:
    """Return what the names of the model begin with that makes an input beside `x`."""
    return f"{name}_{further.removeprefix('x_')}"


def _digest(text: str) -> str:
    return f"0x{hashlib.sha256(text.encode()).hexdigest()[:8]}ul"


_DIGEST = "RECURRA_DIGEST"
"""Stands for what is known at the end."""

_NOTES = """/* Sums and functions are float32 in a fixed order: the results are the same bits where the compiler keeps
   to that (-ffp-contract=off, no -ffast-math). With -O3 the loops are vectorised. {upper}_LIBM takes exp, tanh and
   the others from the platform's <math.h>; {upper}_TEST adds a main that checks this file. */
#if {upper}_DIGEST != {digest}
#error "this header and this source are of two exports: take both files of one"
#endif
#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ < 0 || __FLT_EVAL_METHOD__ > 1)
#error "float arithmetic is done in a wider type: compile with -msse2 -mfpmath=sse"
#endif
#ifdef __GNUC__
#define R_INFINITY __builtin_inff()
#else
#define R_INFINITY ((float)(1e300 * 1e300))
#endif
#define R_NAN r_float(0x7fc00000u)
"""
