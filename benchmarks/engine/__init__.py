"""Training steps of the engine against PyTorch and scikit-learn: `python -m benchmarks.engine [W1 W2 ...]`."""
