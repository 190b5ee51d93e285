"""Fast paths, each beside its plain formula, with a test that holds the two together."""
