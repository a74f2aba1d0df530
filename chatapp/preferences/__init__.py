"""What a person prefers: one table of it, and the file in which it is kept. No screen."""
