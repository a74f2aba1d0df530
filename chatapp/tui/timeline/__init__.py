"""The timeline: what was said, laid out in rows and drawn."""
