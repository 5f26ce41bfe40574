"""The GPU backend: Triton source straight from the plans, for any cell.

`phases` divides a segment into what a program can do without another one; `layout` says where every value lies;
`writer` spells a phase as Triton, `program` puts a pass together and makes functions of its text; `kernel_choice` says
how it is launched; `run` launches it on a batch; `work` says what that costs; `kernel` is what the seam sees. Where
values have several axes, `axes` says which their tiles have, `nests` what is computed in the loop, and `nest_writer`
spells it.
"""
