"""A connection to a chat that mends itself; no screen. The TUI stands on it, and bots can."""
