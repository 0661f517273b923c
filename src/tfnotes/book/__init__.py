"""The site as a book: PDF and EPUB 3, made from the built pages and the ledger's rows.

``contents`` says what is in it and in which order; ``page`` reads a built page, and ``pieces``,
``pictures``, ``solutions``, ``ledger``, ``links`` and ``index`` turn what only a screen can show
into what paper can. What results is plain HTML of a few elements and classes (`Chapter.body`);
``typst`` writes it for the PDF, ``epub`` packs it as it is. How the PDF looks is in ``book.typ``.
"""
