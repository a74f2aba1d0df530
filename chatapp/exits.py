"""The codes that the command ends with, beside 0 and those of signals."""

EXIT_FAILED = 1
"""What was asked for can't be done, and the line on stderr says why."""

EXIT_USAGE = 2
EXIT_UNAVAILABLE = 69
"""No chat there, or no way to host one (EX_UNAVAILABLE of sysexits.h)."""

EXIT_FAULT = 70
"""A fault in the program (EX_SOFTWARE)."""
