"""Bytes that nobody would send: three targets, each with what must hold for any bytes at all."""
