"""`antiphon bench`: how fast and how punctual Antiphon is on this machine, through its real ports."""
