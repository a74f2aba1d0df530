"""The log on disk: messages, who owns which nick, search, and the upkeep of the file that holds them."""
