"""A run as data: its spec and size, where it starts from, how it is shared and exported. No page, no process."""
