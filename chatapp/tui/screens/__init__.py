"""The screens in front of the chat, and the first one of all."""
