"""The published benchmark on piano rolls: the event network read as a distribution over frames."""
