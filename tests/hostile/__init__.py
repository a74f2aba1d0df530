"""A server that means harm, and all that a real terminal is sent because of it."""
