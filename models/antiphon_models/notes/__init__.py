"""From folders of music to notes: what a network is trained on, sorted into splits and mapped into memory."""
