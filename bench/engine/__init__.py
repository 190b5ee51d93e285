"""Training steps of the engine against PyTorch and scikit-learn: `python -m bench.engine [W1 W2 ...]`."""
