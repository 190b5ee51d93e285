"""Texts: reviews, names, dates."""
