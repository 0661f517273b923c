"""Running blocks: which must run, in which order, what came of it, and pytest."""
