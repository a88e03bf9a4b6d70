"""Doors: the ways in which others trigger, steer and watch a daemon that plays."""
