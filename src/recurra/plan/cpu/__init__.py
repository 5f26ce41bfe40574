"""What a workload takes on a processor, from the programs of compiled code."""
