"""The composer: what is being written, and what may become of it."""
