"""Plotly figures: anything with axes and numbers. The colours of the whole house live here too."""
