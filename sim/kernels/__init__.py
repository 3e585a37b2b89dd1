"""Kernels: arrays in, arrays out. The Python text is the specification; numba compiles the same."""
