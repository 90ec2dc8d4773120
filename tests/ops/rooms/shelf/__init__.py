"""A room that keeps papers in a folder of its own and has a process running."""
