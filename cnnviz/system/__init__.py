"""Dealings with the machine: files, processes, interrupts, the log, what is installed."""
