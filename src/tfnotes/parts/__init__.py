"""What these notes put on their pages; mkdocs.yml names the parts that it wants.

`tfnotes.site.markdown.context` says what a part may offer.
"""
