"""Showing the site while somebody writes."""
