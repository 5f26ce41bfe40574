"""From the graph of a step to the plans of its forward and backward pass."""
