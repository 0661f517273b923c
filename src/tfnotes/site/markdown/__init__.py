"""The Python-Markdown extension of the site, under the name that configurations use."""

from tfnotes.site.markdown.extension import TfnotesExtension, makeExtension

__all__ = ["TfnotesExtension", "makeExtension"]
