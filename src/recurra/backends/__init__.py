"""Backends: each spells the operation table for a machine and carries the plans out.

`numpy` executes the plans, forward and derived backward, in float64 or float32: the reference of every kernel.
`torch` runs the forward plan as an eager loop: any device, any dtype, and autograd gives every derivative.
`llvm` and `triton` compile them, for the CPU and for GPUs.
A backend is a module with ``compile(plans) -> Kernel``. Everybody else knows `recurra.backends.kernel` alone of them.
"""
