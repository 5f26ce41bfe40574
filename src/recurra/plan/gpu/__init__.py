"""What a workload takes on a GPU, from the programs of Triton."""
