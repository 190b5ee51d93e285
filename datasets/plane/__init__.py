"""Data on a plane."""
