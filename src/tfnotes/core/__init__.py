"""The pure core: pages, blocks, keys and records. Standard library only."""
