"""Running blocks: capture, the forked page process, the fork server, scheduling, pytest."""
