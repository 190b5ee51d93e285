"""What a page sees of a run: the scene once, then frames with the pictures that it watches. Looking changes nothing."""
