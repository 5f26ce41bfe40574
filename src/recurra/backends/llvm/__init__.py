"""Machine code for the CPU, straight from the plans, through llvmlite: no C compiler, any cell.

`schedule` decides, without LLVM, what a segment stores and which elementwise values share a loop. `vectors` spells the
operation table on LLVM vectors, `products` the matrix products, `loops` the loops over steps, rows and features, and
`program` makes one text of a plan. `compiler` turns it into functions, `memory_plan` and `calls` say where everything
lies and what is called, and `kernel` runs it.
"""
