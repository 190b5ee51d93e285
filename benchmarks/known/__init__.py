"""Known results: what the recipes reach on data that is held out. Run `python -m benchmarks.known [names]`."""
