"""A run in a process of its own, live on a page: the server's side, the worker's, and what is watched between them."""
