"""Training: the loop's set-up, its callbacks, and the model folder. Import its modules by name."""
