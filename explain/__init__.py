"""What a run means: the next step, its factors, the landscape, health and remedies. Fit for a notebook."""
