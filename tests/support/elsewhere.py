"""A program that becomes another one, on another network: python elsewhere.py NETWORK PROGRAM ..."""

import sys

from network_namespace import run_elsewhere

if __name__ == "__main__":
    run_elsewhere(*sys.argv[1:])
