"""Backends: each spells the operation table for a machine and carries the plans out.

`numpy` executes the plans, forward and derived backward, in float64 or float32: the reference of every kernel.
`torch` runs the forward plan as an eager loop: any device, any dtype, and autograd gives every derivative.
A backend is a module with ``compile(plans) -> Kernel``; see `recurra.backends.kernel`.
"""
