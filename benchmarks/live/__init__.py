"""The page, measured in a real browser: how smooth it is, how soon it answers, how fast it learns while watched."""
