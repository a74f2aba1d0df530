"""What the screen shows in each of its states, compared with stored files; `notation` says how they read."""
