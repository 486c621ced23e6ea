"""What the suites share: a running emulator, and waiting for a condition instead of for a time."""
