"""Loads the plugin that makes every code block of every page a test."""

pytest_plugins = ["tfnotes.run.pytest_plugin"]
