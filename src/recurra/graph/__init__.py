"""A cell's equations as a graph: nodes, the table of operations, tracing, sizes, passes and printing."""
