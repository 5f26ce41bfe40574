"""Machine code for the CPU, straight from the plans, through llvmlite: no C compiler, any cell.

`schedule` decides, without LLVM, what a segment stores and which elementwise values share a loop. `vectors` and
`pointwise` spell the operation table on LLVM vectors, `products` the matrix products, `loops` the loops over steps,
rows and features. `engine` turns the text into functions, `kernel` gives them memory and calls them.
"""
