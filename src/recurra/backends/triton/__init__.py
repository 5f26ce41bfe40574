"""The GPU backend: Triton source straight from the plans, for any cell.

`phases` divides a segment into what a program can do without another one; `layout` says where every value lies;
`names`, `expressions` and `writer` spell a phase as Triton; `functions` and `program` put a pass together; `form`
chooses how it is launched; `module` makes functions of the text; `steps`, `run`, `sums` and `kernel` call them.
"""
