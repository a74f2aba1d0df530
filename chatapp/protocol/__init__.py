"""What goes over the wire: bytes in, requests and events out; PROTOCOL.md specifies it.

Pure: no sockets, no clock, no asyncio. Sizes are in bytes, times in seconds, unless a name says otherwise.
"""
