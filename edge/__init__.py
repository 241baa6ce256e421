"""The gateway at the plant: watches the instruments, sounds the horn by itself, never loses what it saw."""
